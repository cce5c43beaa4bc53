#include "pipeline/ingest/sequence_set.h"

#include <algorithm>
#include <charconv>

namespace mobilytics::ingest {

namespace {

/// The first range that ends at `number` or behind it.
auto ending_from(const std::vector<wire::SeqRange>& ranges, std::uint64_t number) {
    return std::lower_bound(
        ranges.begin(), ranges.end(), number,
        [](const wire::SeqRange& range, std::uint64_t at) { return range.last < at; });
}

/// Takes a number off the front of `text`.
std::optional<std::uint64_t> take_number(std::string_view& text) {
    std::uint64_t number = 0;
    const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (fault != std::errc()) return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    return number;
}

bool take(std::string_view& text, char expected) {
    if (text.empty() || text.front() != expected) return false;
    text.remove_prefix(1);
    return true;
}

}  // namespace

bool SequenceSet::contains(std::uint64_t number) const { return contains({number, number}); }

bool SequenceSet::contains(wire::SeqRange range) const {
    const auto found = ending_from(ranges_, range.first);
    return found != ranges_.end() && found->first <= range.first && found->last >= range.last;
}

void SequenceSet::insert(wire::SeqRange range) {
    VERIFY(range.first >= 1 && range.first <= range.last && range.last <= kSequenceMax);
    // Ranges that touch become one: the first to look at may end right before this one.
    const auto begin = ranges_.begin() + (ending_from(ranges_, range.first - 1) - ranges_.begin());
    auto end = begin;
    while (end != ranges_.end() && end->first <= range.last + 1) {
        range.first = std::min(range.first, end->first);
        range.last = std::max(range.last, end->last);
        ++end;
    }
    if (begin == end) {
        ranges_.insert(begin, range);
    } else {
        *begin = range;
        ranges_.erase(begin + 1, end);
    }
}

void SequenceSet::erase(wire::SeqRange range) {
    std::vector<wire::SeqRange> rest;
    rest.reserve(ranges_.size() + 1);
    for (const auto& mine : ranges_) {
        if (mine.last < range.first || mine.first > range.last) {
            rest.push_back(mine);
            continue;
        }
        if (mine.first < range.first) rest.push_back({mine.first, range.first - 1});
        if (mine.last > range.last) rest.push_back({range.last + 1, mine.last});
    }
    ranges_ = std::move(rest);
}

std::uint64_t SequenceSet::count() const {
    std::uint64_t sum = 0;
    for (const auto& range : ranges_) sum += range.last - range.first + 1;
    return sum;
}

std::optional<std::uint64_t> SequenceSet::highest() const {
    return ranges_.empty() ? std::nullopt : std::optional(ranges_.back().last);
}

std::uint64_t SequenceSet::cumulative() const {
    return ranges_.empty() || ranges_.front().first != 1 ? 0 : ranges_.front().last;
}

SequenceSet SequenceSet::united(const SequenceSet& other) const {
    SequenceSet out = *this;
    for (const auto& range : other.ranges_) out.insert(range);
    return out;
}

SequenceSet SequenceSet::without(const SequenceSet& other) const {
    SequenceSet out = *this;
    for (const auto& range : other.ranges_) out.erase(range);
    return out;
}

SequenceSet SequenceSet::within(wire::SeqRange range) const {
    SequenceSet out;
    for (const auto& mine : ranges_) {
        const wire::SeqRange cut{
            std::max(mine.first, range.first), std::min(mine.last, range.last)};
        if (cut.first <= cut.last) out.ranges_.push_back(cut);
    }
    return out;
}

std::string SequenceSet::text() const {
    std::string out = "{";
    for (const auto& range : ranges_) {
        if (out.size() > 1) out += ',';
        out += '[' + std::to_string(range.first) + ',' + std::to_string(range.last + 1) + ')';
    }
    return out + '}';
}

std::optional<SequenceSet> SequenceSet::parse(std::string_view text) {
    SequenceSet out;
    if (!take(text, '{')) return std::nullopt;
    while (!text.empty() && text.front() != '}') {
        if (!out.ranges_.empty() && !take(text, ',')) return std::nullopt;
        if (!take(text, '[')) return std::nullopt;
        const auto first = take_number(text);
        if (!first || !take(text, ',')) return std::nullopt;
        const auto behind = take_number(text);
        if (!behind || !take(text, ')')) return std::nullopt;
        if (*first < 1 || *behind <= *first || *behind > kSequenceMax + 1) return std::nullopt;
        if (!out.ranges_.empty() && *first <= out.ranges_.back().last + 1) return std::nullopt;
        out.ranges_.push_back({*first, *behind - 1});
    }
    return text == "}" ? std::optional(out) : std::nullopt;
}

}  // namespace mobilytics::ingest
