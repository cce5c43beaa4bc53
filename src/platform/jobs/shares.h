#pragma once
// Whose jobs are taken next: all companies alike, whatever one of them has waiting. Pure; the rows
// are read and claimed in claim.cpp.

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "platform/jobs/jobs.h"

namespace mobilytics::jobs {

/// Where jobs of one kind, priority and company wait; that one does at least.
struct Lane {
    std::string kind;
    Priority priority{};
    CompanyId company;
    friend auto operator<=>(const Lane&, const Lane&) = default;
};

/// What may be begun now.
struct Room {
    static constexpr std::int64_t kSlot = 1'000'000;

    std::int64_t slots = 0;  // Threads' worth, in millionths: a job of a batch is a part of one.
    struct OfKind {
        std::int64_t jobs = 0;
        std::string vendor = {};  // Empty: none.
        int batch_max = 1;
    };
    std::map<std::string, OfKind> kinds;
    std::map<std::string, std::int64_t> vendors;
};

struct Share {
    Lane lane;
    std::int64_t count = 0;
};

/// Rounds over companies: who has had fewer turns lately.
using Turns = std::map<CompanyId, std::uint64_t>;

/// Of urgent lanes before others, and among these to the company of which the fewest run, then to
/// the one whose turn is the longest ago. `running` is what runs of each now. Nobody is given more
/// than there is room for.
std::vector<Share> shares(
    const std::vector<Lane>& lanes, Room room, std::map<CompanyId, std::int64_t> running,
    Turns& turns);

}  // namespace mobilytics::jobs
