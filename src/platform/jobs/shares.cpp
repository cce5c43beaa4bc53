#include "platform/jobs/shares.h"

#include <algorithm>
#include <set>
#include <tuple>

#include <boost/describe/enumerators.hpp>

namespace mobilytics::jobs {

namespace {

constexpr std::int64_t kStepsOfABatch = 16;  // A batch is shared in so many steps, not job by job.

class Sharing {
  public:
    Sharing(Room room, std::map<CompanyId, std::int64_t> running, Turns& turns)
        : room_(std::move(room)), running_(std::move(running)), turns_(turns) {
        for (const auto& [company, turn] : turns) last_turn_ = std::max(last_turn_, turn);
    }

    void share(const std::vector<Lane>& lanes) {
        std::map<CompanyId, std::vector<Share>> waiting;
        for (const auto& lane : lanes) waiting[lane.company].push_back({lane, 0});
        std::set<std::tuple<std::int64_t, std::uint64_t, CompanyId>> order;
        for (const auto& [company, its] : waiting) order.insert(place_of(company));
        while (!order.empty()) {
            const auto company = std::get<CompanyId>(*order.begin());
            order.erase(order.begin());
            if (!give_one(waiting[company])) continue;
            turns_[company] = ++last_turn_;
            order.insert(place_of(company));
        }
        for (const auto& [company, its] : waiting) {
            for (const auto& share : its) {
                if (share.count > 0) given.push_back(share);
            }
        }
    }

    std::vector<Share> given;

  private:
    std::tuple<std::int64_t, std::uint64_t, CompanyId> place_of(CompanyId company) {
        return {running_[company], turns_[company], company};
    }

    /// To the lane of this company that has been given the least.
    bool give_one(std::vector<Share>& of_company) {
        Share* least = nullptr;
        std::int64_t step = 0;
        for (auto& share : of_company) {
            const auto most = step_of(share.lane.kind);
            if (most > 0 && (least == nullptr || share.count < least->count)) {
                least = &share;
                step = most;
            }
        }
        if (least == nullptr) return false;
        auto& kind = room_.kinds.at(least->lane.kind);
        least->count += step;
        running_[least->lane.company] += step;
        kind.jobs -= step;
        room_.slots -= step * (Room::kSlot / kind.batch_max);
        if (!kind.vendor.empty()) room_.vendors[kind.vendor] -= step;
        return true;
    }

    /// How many there is room for, in one step.
    std::int64_t step_of(const std::string& name) {
        const auto found = room_.kinds.find(name);
        if (found == room_.kinds.end()) return 0;
        const auto& kind = found->second;
        auto most = std::max<std::int64_t>(1, kind.batch_max / kStepsOfABatch);
        most = std::min({most, kind.jobs, room_.slots / (Room::kSlot / kind.batch_max)});
        if (!kind.vendor.empty()) most = std::min(most, room_.vendors[kind.vendor]);
        return most;
    }

    Room room_;
    std::map<CompanyId, std::int64_t> running_;
    Turns& turns_;
    std::uint64_t last_turn_ = 0;
};

}  // namespace

std::vector<Share> shares(
    const std::vector<Lane>& lanes, Room room, std::map<CompanyId, std::int64_t> running,
    Turns& turns) {
    Sharing sharing(std::move(room), std::move(running), turns);
    boost::mp11::mp_for_each<boost::describe::describe_enumerators<Priority>>([&](auto its) {
        std::vector<Lane> alike;
        for (const auto& lane : lanes) {
            if (lane.priority == its.value) alike.push_back(lane);
        }
        sharing.share(alike);
    });
    return std::move(sharing.given);
}

}  // namespace mobilytics::jobs
