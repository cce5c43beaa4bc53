#include "apps/sensor/arguments.h"

#include <algorithm>

namespace mobilytics::sensor {

namespace {

tl::unexpected<Error> bad(std::string message) {
    return fail(ErrorKind::invalid, "bad_arguments", std::move(message));
}

/// How many letters must change: Levenshtein's distance.
std::size_t distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> row(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        auto diagonal = std::exchange(row[0], i);
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const auto changed = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
            diagonal = std::exchange(row[j], std::min({changed, row[j] + 1, row[j - 1] + 1}));
        }
    }
    return row.back();
}

std::string unknown(const std::string& word, const std::vector<Option>& known) {
    const auto nearest =
        std::min_element(known.begin(), known.end(), [&](const Option& a, const Option& b) {
            return distance(word, a.name) < distance(word, b.name);
        });
    auto message = word + " is not known here";
    if (nearest != known.end() && distance(word, nearest->name) <= 3) {
        message += "; did you mean " + std::string(nearest->name) + "?";
    }
    return message;
}

bool is_option(const std::string& word) { return word.starts_with("--"); }

}  // namespace

Result<Arguments> Arguments::parse(
    const std::vector<std::string>& words, const std::vector<Option>& known) {
    Arguments out;
    for (std::size_t i = 0; i < words.size();) {
        auto name = words[i++];
        std::optional<std::string> attached;  // --state=folder
        if (const auto equals = name.find('='); is_option(name) && equals != name.npos) {
            attached = name.substr(equals + 1);
            name.resize(equals);
        }
        const auto option = std::find_if(
            known.begin(), known.end(), [&](const Option& one) { return one.name == name; });
        if (option == known.end()) return bad(unknown(name, known));
        auto& values = out.values_[name];
        if (option->takes == Takes::nothing) {
            if (attached) return bad(name + " takes no value");
            continue;
        }
        if (attached) {
            values.push_back(*attached);
        } else if (i < words.size() && !is_option(words[i])) {
            values.push_back(words[i++]);
        } else {
            return bad(name + " needs a value");
        }
        while (option->takes == Takes::values && i < words.size() && !is_option(words[i])) {
            values.push_back(words[i++]);
        }
        if (option->takes == Takes::value && values.size() > 1) {
            return bad(name + " is given more than once");
        }
    }
    return out;
}

std::optional<std::string> Arguments::value(std::string_view name) const {
    const auto found = values_.find(std::string(name));
    return found == values_.end() || found->second.empty() ? std::nullopt
                                                           : std::optional(found->second.front());
}

std::vector<std::string> Arguments::values(std::string_view name) const {
    const auto found = values_.find(std::string(name));
    return found == values_.end() ? std::vector<std::string>() : found->second;
}

}  // namespace mobilytics::sensor
