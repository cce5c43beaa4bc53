#include "pipeline/measure/tracks/arrivals.h"

#include <algorithm>
#include <limits>

#include "pipeline/measure/tracks/snapshot.h"

namespace mobilytics::measure {

namespace {

constexpr std::uint64_t kOne = 1 << 16;

std::size_t place_of(std::int64_t bin, std::size_t bins) {
    return static_cast<std::size_t>(bin) & (bins - 1);
}
std::uint64_t square_of(std::uint64_t value) { return value * value >> 16; }

}  // namespace

void Arrivals::add(std::int64_t at_ms, std::uint32_t coarse, int rssi_dbm, bool is_new) {
    if (at_ms / kBinMs != bin_) advance(at_ms / kBinMs);
    Sums& now = hour_[place_of(bin_, kHour)];
    ++now.bursts;
    if (!is_new) return;
    ++now.addresses;
    if (models_.size() >= kModelsMax && !models_.contains(coarse)) make_room();
    Model& model = models_[coarse];
    std::uint16_t& here = model.bins[place_of(bin_, kBins)];
    if (here < std::numeric_limits<std::uint16_t>::max()) ++here;
    ++model.addresses;
    if (rssi_dbm < 0) {
        const auto below = static_cast<std::uint64_t>(-rssi_dbm);
        ++model.heard;
        model.sum += below;
        model.squares += below * below;
    }
    if (++addresses_ >= kAddressesMax) forget();
}

void Arrivals::advance(std::int64_t bin) {
    if (first_ == 0) first_ = bin;
    close();
    const std::int64_t passed = bin - bin_;
    for (std::int64_t step = 1; step <= std::min<std::int64_t>(passed, kHour); ++step) {
        hour_[place_of(bin_ + step, kHour)] = {};
        if (step > static_cast<std::int64_t>(kBins)) continue;
        for (auto& [coarse, model] : models_) model.bins[place_of(bin_ + step, kBins)] = 0;
    }
    bin_ = bin;
}

/// The pairs of a half minute that is over with those before.
void Arrivals::close() {
    const auto back_to = [&](std::size_t back, std::size_t bins) {
        return place_of(bin_ - static_cast<std::int64_t>(back), bins);
    };
    const std::uint64_t all = hour_[back_to(0, kHour)].addresses;
    if (all == 0) return;
    Pairs near{0, all * (all - 1) / 2};  // Of one model; of any.
    Pairs far;
    for (std::size_t back = 1; back <= kFar; ++back) {
        (back <= kNear ? near : far).other += all * hour_[back_to(back, kHour)].addresses;
    }
    for (const auto& [coarse, model] : models_) {
        const std::uint64_t now = model.bins[back_to(0, kBins)];
        if (now == 0) continue;
        near.same += now * (now - 1) / 2;
        for (std::size_t back = 1; back <= kFar; ++back) {
            (back <= kNear ? near : far).same += now * model.bins[back_to(back, kBins)];
        }
    }
    near_.same += near.same;
    near_.other += near.other - near.same;
    far_.same += far.same;
    far_.other += far.other - far.same;
    while (std::max({near_.same, near_.other, far_.same, far_.other}) >= kPairsMax) forget();
}

/// Of too many models those go that were not heard for longest.
void Arrivals::make_room() {
    erase_if(models_, [&](const auto& entry) {
        const auto& bins = entry.second.bins;
        return std::all_of(bins.begin(), bins.end(), [](std::uint16_t bin) { return bin == 0; });
    });
    if (models_.size() >= kModelsMax) models_.clear();  // They are learnt again.
    addresses_ = 0;
    for (const auto& [coarse, model] : models_) addresses_ += model.addresses;
}

void Arrivals::forget() {
    addresses_ = 0;
    for (auto& [coarse, model] : models_) {
        model.addresses /= 2;
        addresses_ += model.addresses;
        if (model.heard == 0) continue;
        const std::uint64_t kept = model.heard / 2;
        model.sum = model.sum * kept / model.heard;
        model.squares = model.squares * kept / model.heard;
        model.heard = static_cast<std::uint32_t>(kept);
    }
    for (Pairs* pairs : {&near_, &far_}) *pairs = {pairs->same / 2, pairs->other / 2};
}

Arrivals::Sums Arrivals::since(std::int64_t since_ms) const {
    const std::int64_t from = std::max<std::int64_t>(0, since_ms / kBinMs);
    const std::int64_t first = std::max(from, bin_ - static_cast<std::int64_t>(kHour) + 1);
    Sums out;
    for (std::int64_t bin = std::max<std::int64_t>(0, first); bin <= bin_; ++bin) {
        const Sums& sums = hour_[place_of(bin, kHour)];
        out.addresses += sums.addresses;
        out.bursts += sums.bursts;
    }
    return out;
}

Arrivals::All Arrivals::all() const {
    All out;
    for (const auto& [coarse, model] : models_) {
        out.addresses += model.addresses;
        out.pairs += std::uint64_t{model.addresses} * (std::max(model.addresses, 1U) - 1);
        if (model.heard == 0) continue;
        out.heard += model.heard;
        out.sum += model.sum;
        out.squares += model.squares;
        ++out.models;
        const std::uint64_t around = model.sum * model.sum / model.heard;
        out.within += model.squares - std::min(around, model.squares);
    }
    return out;
}

void Arrivals::judge_strengths(const All& all, const CountingRules& rules, Known& out) {
    if (all.heard < rules.mingled_from || all.models < 2 || all.heard <= all.models) return;
    // Where one model is most of all there are no others to compare it with.
    if (5 * all.pairs > 4 * all.addresses * (all.addresses - 1)) return;
    const std::uint64_t around = all.sum * all.sum / all.heard;
    const std::uint64_t total = all.squares - std::min(around, all.squares);
    const std::uint64_t degrees = all.heard - all.models;
    const std::uint64_t within = all.within * (all.heard - 1) * kOne;
    out.mingled = within >= total * degrees * rules.mingled_within &&
                  all.within >= degrees * rules.mingled_db * rules.mingled_db;
    out.apart = within < total * degrees * rules.apart_within;
}

/// Of one device: the pairs that are near each other, but for as many as chance makes, which are as
/// many as there are of those that are far.
void Arrivals::judge_pairs(const All& all, const CountingRules& rules, Known& out) const {
    const std::uint64_t others = all.addresses * (std::max<std::uint64_t>(all.addresses, 1) - 1);
    if (far_.other == 0 || others <= all.pairs) return;
    const std::uint64_t chance = near_.other * far_.same / far_.other;
    if (near_.same <= chance) return;
    const std::uint64_t excess = near_.same - chance;
    const std::uint64_t blur = chance * near_.other / far_.other;
    const bool is_sure = excess * excess > rules.together * (chance + blur + 1);
    // Those that stay would make far ones, too: more than the models' shares do.
    const std::uint64_t far = far_.other * all.pairs / (others - all.pairs);
    const std::uint64_t near = near_.other * all.pairs / (others - all.pairs);
    const bool ends = near + 2 * (far_.same - std::min(far_.same, far)) <= near_.same;
    out.passing = is_sure && ends;
    // How many more one of a device has beside it. Devices are there for a moment or for long, with
    // all between: then their numbers are a logarithmic series, whose mean is that over ln(1 + it).
    const std::uint64_t more = (2 * excess << 16) / all.addresses;
    const Nats log = log_of(kOne + more) - 16 * kLog2;
    const std::uint64_t mean =
        log <= 0 ? kOne : (more << kNatsBits) / static_cast<std::uint64_t>(log);
    out.mean = std::max(kOne, mean);
    out.spread = ((kOne + more - std::min(out.mean, kOne + more)) << 16) / out.mean;
    // Pairs of one device come and go together.
    const std::uint64_t variance = square_of(kOne + more) * (near_.same + blur);
    out.unsure = variance / all.addresses * kOne / all.addresses / square_of(out.mean);
}

Arrivals::Known Arrivals::known(const CountingRules& rules) const {
    Known out;
    // Within a track's silence nobody is gone.
    if (addresses_ < rules.mingled_from || (bin_ - first_) * kBinMs < rules.window_ms) return out;
    const All all = this->all();
    judge_strengths(all, rules, out);
    if (out.mingled) judge_pairs(all, rules, out);
    return out;
}

std::size_t Arrivals::bytes() const {
    return models_.bucket_count() * (sizeof(std::pair<std::uint32_t, Model>) + 1);
}

void Arrivals::transfer_to(ArchiveWriter& archive) const {
    archive(bin_, first_, hour_, near_, far_, sorted(models_));
}

void Arrivals::transfer_to(ArchiveReader& archive) {
    archive(bin_, first_, hour_, near_, far_);
    if (!read_map(archive, models_) || !could_be()) return archive.refuse();
    addresses_ = 0;
    for (const auto& [coarse, model] : models_) addresses_ += model.addresses;
}

bool Arrivals::could_be() const {
    std::uint64_t addresses = 0;
    for (const auto& [coarse, model] : models_) {
        addresses += model.addresses;
        const std::uint64_t below = std::uint64_t{128} * model.heard;
        if (model.heard > model.addresses || model.sum > below || model.squares > 128 * below) {
            return false;
        }
    }
    const auto is_few = [](const Pairs& pairs) {
        return pairs.same < kPairsMax && pairs.other < kPairsMax;
    };
    return first_ >= 0 && first_ <= bin_ && is_time(bin_) && models_.size() <= kModelsMax &&
           addresses < kAddressesMax && is_few(near_) && is_few(far_);
}

}  // namespace mobilytics::measure
