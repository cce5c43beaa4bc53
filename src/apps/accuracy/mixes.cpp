#include "apps/accuracy/mixes.h"

#include <algorithm>
#include <cmath>
#include <map>

namespace mobilytics::accuracy {

namespace {

constexpr std::int64_t kBurstGapMs = 2'000;
constexpr std::int64_t kSessionGapMs = 30 * 60 * 1'000;
constexpr double kAlike = 6.0 / 11;  // Of identical mixes.

std::uint64_t spread(std::uint64_t value) {
    value = (value ^ value >> 30) * 0xBF58476D1CE4E5B9;
    value = (value ^ value >> 27) * 0x94D049BB133111EB;
    return value ^ value >> 31;
}

/// The session around a sighting: no silence above 30 min.
std::pair<std::int64_t, std::int64_t> session(const Rows& rows, std::size_t anchor) {
    std::size_t first = anchor;
    std::size_t last = anchor;
    while (first > 0 && rows[first].at_ms - rows[first - 1].at_ms <= kSessionGapMs) --first;
    while (last + 1 < rows.size() && rows[last + 1].at_ms - rows[last].at_ms <= kSessionGapMs)
        ++last;
    return {rows[first].at_ms, rows[last].at_ms};
}

/// 20 minutes of a device that it was heard in: of a capture by its sightings, inside of it where
/// it is long enough.
Rows window_of(const std::vector<Rows>& captures, Chance& chance) {
    std::size_t all = 0;
    for (const Rows& rows : captures) all += rows.size();
    std::size_t anchor = chance.below(all);
    std::size_t capture = 0;
    while (anchor >= captures[capture].size()) anchor -= captures[capture++].size();
    const Rows& rows = captures[capture];
    const auto [low, high] = session(rows, anchor);
    const auto by_chance = [&](std::int64_t span) {
        return static_cast<std::int64_t>(chance.uniform() * static_cast<double>(span));
    };
    const std::int64_t start =
        high - low > kMixMs
            ? std::min(std::max(rows[anchor].at_ms - by_chance(kMixMs), low), high - kMixMs)
            : low - by_chance(kMixMs - (high - low));
    Rows out;
    for (Heard heard : rows) {
        heard.at_ms -= start;
        if (heard.at_ms >= 0 && heard.at_ms < kMixMs) out.push_back(heard);
    }
    return out;
}

/// Two devices never share an address; two windows of one capture do not either.
void rename(Rows& rows, const std::string& name) {
    for (Heard& heard : rows) heard.pseudonym ^= hash_of(name);
}

Mix mixed(std::vector<Rows> parts) {
    Mix out;
    out.devices = static_cast<int>(parts.size());
    for (std::size_t device = 0; device < parts.size(); ++device) {
        const Rows& part = parts[device];
        for (const Heard& heard : part) out.whose.emplace(heard.pseudonym, device);
        out.heard.insert(out.heard.end(), part.begin(), part.end());
    }
    std::ranges::sort(out.heard);
    return out;
}

Mix mix_of(
    const Devices& devices, const std::vector<std::string>& names, Chance& chance,
    const Change& change) {
    std::vector<Rows> parts;
    for (const std::string& name : names) {
        Rows part = window_of(devices.at(name), chance);
        if (change) {
            change(part, name, chance);
        } else {
            rename(part, name);
        }
        parts.push_back(std::move(part));
    }
    return mixed(std::move(parts));
}

std::vector<std::string> names_of(const Devices& devices) {
    std::vector<std::string> out;
    for (const auto& [name, captures] : devices) out.push_back(name);
    return out;
}

std::map<std::string, std::uint32_t> models_of(const Devices& devices) {
    std::map<std::string, std::uint32_t> out;
    for (const auto& [name, captures] : devices) out[name] = model_of(captures);
    return out;
}

std::size_t alike_of(std::size_t k) {
    return std::max<std::size_t>(2, static_cast<std::size_t>(std::lround(k * kAlike)));
}

/// Disjoint windows of a device, each of one session.
std::vector<Rows> windows_of(const std::vector<Rows>& captures) {
    std::vector<Rows> out;
    for (const Rows& rows : captures) {
        std::int64_t start = 0;
        for (std::size_t at = 0; at < rows.size(); ++at) {
            const bool anew = at == 0 || rows[at].at_ms - rows[at - 1].at_ms > kSessionGapMs ||
                              rows[at].at_ms - start >= kMixMs;
            if (anew) {
                start = rows[at].at_ms;
                out.emplace_back();
            }
            out.back().push_back(rows[at]);
        }
    }
    return out;
}

/// Somewhere within the 20 minutes.
Rows placed(Rows rows, Chance& chance) {
    const std::int64_t span = rows.back().at_ms - rows.front().at_ms;
    const auto room = static_cast<double>(std::max<std::int64_t>(0, kMixMs - span));
    const std::int64_t shift =
        static_cast<std::int64_t>(chance.uniform() * room) - rows.front().at_ms;
    for (Heard& heard : rows) heard.at_ms += shift;
    return rows;
}

}  // namespace

Chance::Chance(std::initializer_list<std::uint64_t> purpose) {
    for (const std::uint64_t part : purpose) state_ = spread(state_ + 0x9E3779B97F4A7C15 + part);
}
std::uint64_t Chance::bits() { return spread(state_ += 0x9E3779B97F4A7C15); }
double Chance::uniform() { return static_cast<double>(bits() >> 11) * 0x1p-53; }
std::size_t Chance::below(std::size_t limit) {
    return static_cast<std::size_t>(uniform() * static_cast<double>(limit));
}

std::uint64_t hash_of(std::string_view text) {
    const auto digest = crypto::sha256(text);
    std::uint64_t out = 0;
    for (std::size_t at = 0; at < 8; ++at) out = out << 8 | digest[at];
    return out;
}

Mixes distinct_mixes(
    const Devices& devices, std::uint64_t seed, std::size_t alike_max, const Change& change) {
    const auto models = models_of(devices);
    const std::size_t most = std::min<std::size_t>(kDevicesMax, devices.size());
    const std::size_t least = std::min<std::size_t>(kDevicesMin, most);
    Mixes out;
    for (std::uint64_t trial = 0; trial < kTrials; ++trial) {
        Chance chance{seed, trial};
        const std::size_t k = least + trial % (most - least + 1);
        auto names = names_of(devices);
        chance.shuffle(names);
        std::vector<std::string> chosen;
        std::map<std::uint32_t, std::size_t> seen;
        for (const std::string& name : names) {
            if (chosen.size() < k && seen[models.at(name)]++ < alike_max) chosen.push_back(name);
        }
        out.push_back(mix_of(devices, chosen, chance, change));
    }
    return out;
}

Mixes identical_mixes(
    const Devices& devices, std::uint64_t seed, std::size_t model_min, const Change& change) {
    std::map<std::uint32_t, std::vector<std::string>> of_model;
    const auto models = models_of(devices);
    for (const auto& [name, model] : models) of_model[model].push_back(name);
    std::erase_if(of_model, [&](const auto& entry) { return entry.second.size() < model_min; });
    if (of_model.empty()) return {};
    constexpr std::array<std::size_t, 4> kSizes{3, 5, 8, 11};
    Mixes out;
    for (std::uint64_t trial = 0; trial < kTrials; ++trial) {
        Chance chance{seed, trial, 1};
        const std::size_t k = kSizes[trial % kSizes.size()];
        const auto model =
            std::next(of_model.begin(), static_cast<std::ptrdiff_t>(chance.below(of_model.size())));
        auto same = model->second;
        chance.shuffle(same);
        same.resize(std::min(same.size(), alike_of(k)));
        auto others = names_of(devices);
        std::erase_if(others, [&](const auto& name) { return models.at(name) == model->first; });
        chance.shuffle(others);
        others.resize(std::min(others.size(), k - std::min(k, same.size())));
        same.insert(same.end(), others.begin(), others.end());
        out.push_back(mix_of(devices, same, chance, change));
    }
    return out;
}

Mixes clone_mixes(const Devices& devices, std::uint64_t seed) {
    std::map<std::string, std::vector<Rows>> windows;
    for (const auto& [name, captures] : devices) windows[name] = windows_of(captures);
    auto models = names_of(devices);
    std::erase_if(models, [&](const auto& name) { return windows[name].size() < 3; });
    if (models.empty()) return {};
    constexpr std::array<std::size_t, 3> kSizes{3, 5, 8};
    Mixes out;
    for (std::uint64_t trial = 0; trial < kTrials; ++trial) {
        Chance chance{seed, trial, 2};
        const std::size_t k = kSizes[trial % kSizes.size()];
        const std::string model = models[chance.below(models.size())];
        auto same = windows[model];
        chance.shuffle(same);
        same.resize(std::min(same.size(), alike_of(k)));
        std::vector<Rows> parts;
        for (Rows& rows : same) {
            parts.push_back(placed(std::move(rows), chance));
            rename(parts.back(), model + std::to_string(parts.size()));
        }
        auto others = names_of(devices);
        std::erase(others, model);
        chance.shuffle(others);
        others.resize(std::min(others.size(), k - std::min(k, parts.size())));
        for (const std::string& name : others) {
            parts.push_back(placed(windows[name][chance.below(windows[name].size())], chance));
            rename(parts.back(), name);
        }
        out.push_back(mixed(std::move(parts)));
    }
    return out;
}

Change hiding(double carry) {
    return [carry](Rows& rows, const std::string& name, Chance& chance) {
        const double lot = static_cast<double>(hash_of("hiding " + name) >> 11) * 0x1p-53;
        const bool carries = lot < carry;
        const bool keeps = lot > 0.4 && lot < 0.55;  // As phones do that are in a network.
        std::uint64_t address = chance.bits();
        int ahead = 0;
        std::int64_t last_ms = rows.empty() ? 0 : rows.front().at_ms;
        for (Heard& heard : rows) {
            if (heard.at_ms - last_ms > kBurstGapMs) {
                if (!keeps) address = chance.bits();
                if (!carries) ahead = static_cast<int>(chance.below(4096));
            }
            last_ms = heard.at_ms;
            heard.pseudonym = address;
            if (!keeps) heard.global = false;
            if (heard.sequence >= 0) {
                heard.sequence = static_cast<std::int16_t>((heard.sequence + ahead) % 4096);
            }
        }
    };
}

Devices long_known(const Rows& heard, const std::string& prefix) {
    std::map<std::uint64_t, Rows> of_address;
    for (const Heard& one : heard) {
        if (one.rssi_dbm > -95) of_address[one.pseudonym].push_back(one);
    }
    Devices out;
    for (auto& [address, rows] : of_address) {
        int bursts = 1;
        for (std::size_t at = 1; at < rows.size(); ++at) {
            bursts += rows[at].at_ms - rows[at - 1].at_ms > kBurstGapMs;
        }
        if (bursts < 6 || rows.back().at_ms - rows.front().at_ms <= 600'000) continue;
        out[prefix + " " + std::to_string(address)].push_back(std::move(rows));
    }
    return out;
}

}  // namespace mobilytics::accuracy
