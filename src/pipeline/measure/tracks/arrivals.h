#pragma once
// How the addresses of those that hide come to a place. Where devices pass, those of one device
// come within minutes of each other and never again: so more of one model come together than by
// chance, and by how many, that says how many addresses a device has there. Strength tells whether
// it could be otherwise: a device that stays is heard at its own, and so is a model of which few
// stay.

#include <array>
#include <cstddef>
#include <cstdint>

#include <boost/unordered/unordered_flat_map.hpp>

#include "pipeline/measure/tracks/counting_rules.h"

namespace mobilytics::measure {

class ArchiveReader;
class ArchiveWriter;

class Arrivals {
  public:
    /// A burst of an address that is no maker's, in the order of time. `is_new`: its first.
    void add(std::int64_t at_ms, std::uint32_t coarse, int rssi_dbm, bool is_new);

    struct Sums {
        std::uint32_t addresses = 0;  // New ones,
        std::uint32_t bursts = 0;     // and all bursts.
        friend bool operator==(const Sums&, const Sums&) = default;
        template <class Archive>
        friend void transfer(Archive& archive, Sums& sums) {
            archive(sums.addresses, sums.bursts);
        }
    };
    /// Since then, by whole half minutes; of more than an hour ago as many as in the hour.
    Sums since(std::int64_t since_ms) const;

    struct Known {
        /// Strength tells no model from another: then neither whose a burst is.
        bool mingled = false;
        /// It does: devices stay, a few of a model at most.
        bool apart = false;
        /// Those of one device come within minutes of each other.
        bool passing = false;
        /// If so, addresses of a device, and the variance of that over its square; in 2^-16.
        std::uint64_t mean = 0;
        std::uint64_t unsure = 0;
        /// Of devices: the variance of their addresses over the square of the mean, in 2^-16.
        std::uint64_t spread = 0;
    };
    Known known(const CountingRules& rules) const;

    /// Of memory beside itself, for figures.
    std::size_t bytes() const;
    /// Those of reading refuse what is no state.
    void transfer_to(ArchiveWriter& archive) const;
    void transfer_to(ArchiveReader& archive);
    template <class Archive>
    friend void transfer(Archive& archive, Arrivals& arrivals) {
        arrivals.transfer_to(archive);
    }

  private:
    static constexpr std::int64_t kBinMs = 30'000;
    static constexpr std::size_t kNear = 10;  // Within so many bins: five minutes.
    static constexpr std::size_t kFar = 30;   // Beyond them, to a quarter of an hour.
    static constexpr std::size_t kBins = 32;
    static constexpr std::size_t kHour = 128;  // Bins of what since() tells.
    static constexpr std::size_t kModelsMax = 1024;
    static constexpr std::uint32_t kAddressesMax = 16384;  // Over them, half is forgotten.
    static constexpr std::uint64_t kPairsMax = std::uint64_t{1} << 31;

    struct Model {
        std::array<std::uint16_t, kBins> bins{};  // Addresses, by the half minute.
        std::uint32_t addresses = 0;
        std::uint32_t heard = 0;    // Those whose strength is known,
        std::uint64_t sum = 0;      // the sum of it, in dB below 0,
        std::uint64_t squares = 0;  // and of its squares.
        template <class Archive>
        friend void transfer(Archive& archive, Model& model) {
            archive(model.bins, model.addresses, model.heard, model.sum, model.squares);
        }
    };
    /// Pairs of addresses: of one model, of two.
    struct Pairs {
        std::uint64_t same = 0;
        std::uint64_t other = 0;
        template <class Archive>
        friend void transfer(Archive& archive, Pairs& pairs) {
            archive(pairs.same, pairs.other);
        }
    };
    /// Of all models.
    struct All {
        std::uint64_t addresses = 0;
        std::uint64_t pairs = 0;  // Of one model, at any distance; two of each.
        std::uint64_t heard = 0, sum = 0, squares = 0;
        std::uint64_t models = 0;  // Of which strengths are known,
        std::uint64_t within = 0;  // and the squares around the mean of each.
    };
    All all() const;
    static void judge_strengths(const All& all, const CountingRules& rules, Known& out);
    void judge_pairs(const All& all, const CountingRules& rules, Known& out) const;
    void advance(std::int64_t bin);
    void close();
    void make_room();
    void forget();
    bool could_be() const;

    std::int64_t bin_ = 0;
    std::int64_t first_ = 0;  // The first of all.
    std::uint32_t addresses_ = 0;
    std::array<Sums, kHour> hour_{};
    Pairs near_, far_;
    boost::unordered_flat_map<std::uint32_t, Model> models_;
};

}  // namespace mobilytics::measure
