#include "pipeline/ingest/settlement.h"

#include <rapidcheck/gtest.h>

#include "pipeline/ingest/ingest_test.h"
#include "pipeline/ingest/ledger.h"

namespace mobilytics::ingest {
namespace {

const CompanyId kCompany = CompanyId::from_bytes(id_of(9));
const DeviceId kDevice = DeviceId::from_bytes(id_of(1));
const BootKey kKey{kCompany, kDevice, boot_of(0)};

/// Something that a sensor sends, or that happens to it on the way.
struct Event {
    enum class Kind { report, refusal, loss } kind = Kind::report;
    wire::SeqRange range;  // Of a loss; else its first.
};

CheckedReport report_of(std::uint64_t seq) {
    CheckedReport out;
    out.boot = kKey.boot;
    out.seq = seq;
    out.own = {
        kNow - 1h + std::chrono::seconds(2 * seq), wire::ClockState::ntp, seq * 2'000'000, 2s};
    return out;
}

std::unique_ptr<Parcel> parcel_of(const Event& event) {
    auto parcel = std::make_unique<Parcel>();
    parcel->sender = kDevice;
    parcel->company = kCompany;
    parcel->received_at = kNow;
    const auto seq = event.range.first;
    switch (event.kind) {
        case Event::Kind::report: parcel->examined.reports = {report_of(seq)}; break;
        case Event::Kind::refusal:
            parcel->examined.refusals = {
                {wire::RejectReason::bad_columns, kKey.boot, seq, Bytes()}};
            break;
        case Event::Kind::loss: {
            // The next boot tells of this one, so that the loss may name any of its numbers.
            auto report = report_of(seq);
            report.boot = boot_of(1);
            static std::uint64_t next = 0;
            report.seq = ++next;
            report.losses = {
                {kKey.boot, event.range.first, event.range.last, wire::LossReason::spool_full}};
            parcel->examined.reports = {report};
            break;
        }
    }
    return parcel;
}

Settlement settle_all(std::vector<std::unique_ptr<Parcel>>& group, Boots& boots) {
    for (const auto& key : boots_of(group)) boots.try_emplace(key);
    return settle(group, boots, TimePolicy(), kNow);
}

/// The same, one number after the other.
struct Model {
    std::set<std::uint64_t> accepted, refused, lost;

    void hear(const Event& event) {
        const auto seq = event.range.first;
        const bool taken = accepted.contains(seq) || refused.contains(seq);
        switch (event.kind) {
            case Event::Kind::report:
                if (!taken) accepted.insert(seq);
                lost.erase(seq);
                break;
            case Event::Kind::refusal:
                if (!taken) refused.insert(seq);
                lost.erase(seq);
                break;
            case Event::Kind::loss:
                for (auto number = seq; number <= event.range.last; ++number) {
                    if (!accepted.contains(number) && !refused.contains(number)) {
                        lost.insert(number);
                    }
                }
                break;
        }
    }
};

std::set<std::uint64_t> numbers(const SequenceSet& set) {
    std::set<std::uint64_t> out;
    for (const auto& range : set.ranges()) {
        for (auto number = range.first; number <= range.last; ++number) out.insert(number);
    }
    return out;
}

std::vector<Event> some_events() {
    std::vector<Event> events;
    for (int i = *rc::gen::inRange(1, 60); i > 0; --i) {
        const auto seq = *rc::gen::inRange<std::uint64_t>(1, 30);
        const auto kind = *rc::gen::weightedElement<Event::Kind>(
            {{6, Event::Kind::report}, {2, Event::Kind::refusal}, {1, Event::Kind::loss}});
        const auto more = *rc::gen::inRange<std::uint64_t>(0, 6);
        events.push_back({kind, {seq, kind == Event::Kind::loss ? seq + more : seq}});
    }
    return events;
}

RC_GTEST_PROP(Settlement, AnyOrderRepetitionAndLossGivesTheStateOfTheModel, ()) {
    Boots boots;
    boots.try_emplace(kKey);
    Model model;
    std::size_t accepted = 0, refused = 0;
    for (const auto& event : some_events()) {
        model.hear(event);
        std::vector<std::unique_ptr<Parcel>> group;
        group.push_back(parcel_of(event));
        const auto settlement = settle_all(group, boots);
        const bool loss = event.kind == Event::Kind::loss;
        accepted += loss ? 0 : settlement.accepted.size();
        refused += settlement.refused.size();
    }
    const auto& boot = boots.at(kKey);
    RC_ASSERT(numbers(boot.taken.without(boot.refused)) == model.accepted);
    RC_ASSERT(numbers(boot.refused) == model.refused);
    RC_ASSERT(numbers(boot.lost) == model.lost);
    RC_ASSERT(accepted == model.accepted.size());  // Each was kept exactly once.
    RC_ASSERT(refused == model.refused.size());

    auto all = model.accepted;
    all.insert(model.refused.begin(), model.refused.end());
    all.insert(model.lost.begin(), model.lost.end());
    std::set<std::uint64_t> missing;
    for (std::uint64_t number = 1; !all.empty() && number < *all.rbegin(); ++number) {
        if (!all.contains(number)) missing.insert(number);
    }
    RC_ASSERT(numbers(gaps(boot, BootLife::going_on).pending) == missing);
    RC_ASSERT(numbers(gaps(boot, BootLife::over).unknown) == missing);
    RC_ASSERT(gaps(boot, BootLife::over).pending.empty());

    const auto ack = ack_of(kKey.boot, boot, kNow);
    SequenceSet settled;
    if (ack.cumulative_seq > 0) settled.insert({1, ack.cumulative_seq});
    for (const auto& range : ack.settled) settled.insert(range);
    RC_ASSERT(numbers(settled) == all);
}

RC_GTEST_PROP(Settlement, HowItIsGroupedMakesNoDifference, ()) {
    std::vector<Event> events;
    for (const auto& event : some_events()) {
        if (event.kind != Event::Kind::loss) events.push_back(event);
    }
    Boots one_by_one, in_groups;
    std::vector<std::unique_ptr<Parcel>> group;
    for (const auto& event : events) {
        std::vector<std::unique_ptr<Parcel>> alone;
        alone.push_back(parcel_of(event));
        settle_all(alone, one_by_one);
        group.push_back(parcel_of(event));
        if (!*rc::gen::inRange(0, 3)) {
            settle_all(group, in_groups);
            group.clear();
        }
    }
    settle_all(group, in_groups);
    RC_ASSERT(one_by_one == in_groups);
}

TEST(Settlement, ALossCannotUndoWhatCame) {
    Boots boots;
    std::vector<std::unique_ptr<Parcel>> group;
    group.push_back(parcel_of({Event::Kind::loss, {1, 3}}));
    group.push_back(parcel_of({Event::Kind::report, {2, 2}}));
    const auto settlement = settle_all(group, boots);
    EXPECT_EQ(boots.at(kKey).lost.text(), "{[1,2),[3,4)}");
    EXPECT_EQ(settlement.losses.size(), 2U);
    EXPECT_EQ(settlement.acks.at(kKey).cumulative_seq, 3U);
}

TEST(Settlement, AReportCannotLoseItselfNorMoreThanASensorCanHaveMade) {
    std::vector<std::unique_ptr<Parcel>> group;
    Boots boots;
    group.push_back(parcel_of({Event::Kind::report, {5, 5}}));
    group[0]->examined.reports[0].losses = {
        {kKey.boot, 1, 5, wire::LossReason::spool_age},
        {boot_of(2), 1, kLossReportsMax + 1, wire::LossReason::spool_age}};
    const auto settlement = settle_all(group, boots);
    EXPECT_EQ(settlement.losses_ignored, 2);
    EXPECT_EQ(boots.at(kKey).lost, SequenceSet());
}

TEST(Settlement, WhatIsInTooManyPiecesIsNotTaken) {
    BootState boot;
    for (std::uint64_t i = 0; i < kPiecesMax; ++i) {
        EXPECT_EQ(take(boot, 2 * i + 1), Taking::fresh);
    }
    EXPECT_EQ(take(boot, 3 * kPiecesMax), Taking::too_scattered);
    EXPECT_EQ(take(boot, 2), Taking::fresh);  // What joins two pieces is welcome.
}

TEST(Ledger, CountsByTheBootsOwnPace) {
    DeviceBoot boot{kKey, {}, kNow};
    for (const auto seq : {1, 2, 3, 4, 5, 8, 9, 10}) {
        const auto number = static_cast<std::uint64_t>(seq);
        take(boot.state, number);
        const auto own = report_of(number).own;
        note_accepted(boot.state, number, own, {own.started, TimedBy::clock, false});
    }
    declare_lost(boot.state, {7, 7});
    const auto at = [](int seq) { return kNow - 1h + std::chrono::seconds(2 * seq); };
    EXPECT_EQ(
        counts_between(boot, at(1), at(11), BootLife::going_on), (ReportCounts{8, 0, 1, 1, 0}));
    EXPECT_EQ(counts_between(boot, at(1), at(11), BootLife::over), (ReportCounts{8, 0, 0, 1, 1}));
    EXPECT_EQ(counts_between(boot, at(2), at(4), BootLife::over), (ReportCounts{2, 0, 0, 0, 0}));
    EXPECT_EQ(counts_between(boot, at(6), at(8), BootLife::over), (ReportCounts{0, 0, 0, 1, 1}));
    EXPECT_EQ(counts_between(boot, at(20), at(30), BootLife::over), ReportCounts());
    EXPECT_EQ(counts_between(boot, at(-9), at(-5), BootLife::over), ReportCounts());
    EXPECT_EQ((ReportCounts{8, 0, 0, 1, 1}).completeness(), 0.8);
    EXPECT_EQ(ReportCounts().completeness(), std::nullopt);
}

TEST(Ledger, ABootIsOverWhenTheDeviceWentOnWithoutIt) {
    DeviceBoot boot{kKey, {}, kNow};
    const LedgerPolicy policy;
    boot.state.last_received_at = kNow - 1h + 1us;
    EXPECT_EQ(life_of(boot, kNow, policy), BootLife::going_on);
    boot.state.last_received_at = kNow - 1h;
    EXPECT_EQ(life_of(boot, kNow, policy), BootLife::over);
    boot.state.last_received_at = kNow;
    EXPECT_EQ(life_of(boot, kNow + policy.silent_max, policy), BootLife::over);
}

}  // namespace
}  // namespace mobilytics::ingest
