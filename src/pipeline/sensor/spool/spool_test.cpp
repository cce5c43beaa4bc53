#include "pipeline/sensor/spool/spool.h"

#include <cstdlib>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "pipeline/sensor/spool/disk_io.h"
#include "pipeline/sensor/spool/recording_io_test.h"

namespace mobilytics::sensor {
namespace {

namespace fs = std::filesystem;
using Seqs = std::vector<std::uint64_t>;

constexpr SpoolLimits kSmall{.segment_bytes = 700, .bytes_max = 100'000};

Moment at(std::uint64_t second, wire::ClockState state = wire::ClockState::ntp) {
    return {Instant(std::chrono::seconds(1'787'000'000 + second)), second * 1'000'000, state};
}

bool append(Spool& spool, std::uint64_t second = 1) {
    return spool.append(
        "report " + std::to_string(spool.next_seq()) + std::string(60, '.'), at(second));
}

void append_synced(Spool& spool, int count) {
    for (int i = 0; i < count; ++i) EXPECT_TRUE(append(spool));
    EXPECT_TRUE(spool.sync());
}

Seqs seqs(Spool& spool, SpoolCursor after = {}) {
    Seqs out;
    for (const auto& one : spool.read(after, 1 << 20, 1'000)) out.push_back(one.key.seq);
    return out;
}

wire::Ack ack(const wire::BootId& boot, std::uint64_t through) {
    return {boot, through, {}, {}, {}, 0, {}};
}

std::string second_segment(const RecordingIo& io) {
    std::vector<std::string> names;
    for (const auto& [name, content] : io.contents()) {
        if (segment_number(name)) names.push_back(name);
    }
    return names.at(1);
}

TEST(Spool, GivesBackWhatIsDurableOldestFirst) {
    RecordingIo io;
    Spool spool(io, kSmall, at(0));
    append_synced(spool, 9);
    EXPECT_TRUE(append(spool));
    EXPECT_EQ(seqs(spool), (Seqs{1, 2, 3, 4, 5, 6, 7, 8, 9}));
    EXPECT_TRUE(spool.sync());
    const auto some = spool.read({}, 1 << 20, 4);
    ASSERT_EQ(some.size(), 4u);
    EXPECT_EQ(some[3].frame, "report 4" + std::string(60, '.'));
    EXPECT_EQ(seqs(spool, some[3].next), (Seqs{5, 6, 7, 8, 9, 10}));
}

TEST(Spool, ReadsNoMoreBytesThanAskedButOneReport) {
    RecordingIo io;
    Spool spool(io, kSmall, at(0));
    append_synced(spool, 5);
    EXPECT_EQ(spool.read({}, 1, 10).size(), 1u);
    EXPECT_EQ(spool.read({}, 3 * 68, 10).size(), 3u);
    EXPECT_EQ(spool.read({}, 3 * 68 - 1, 10).size(), 2u);
}

TEST(Spool, SyncsInGroupsByBytesAndByTime) {
    RecordingIo io;
    auto limits = kSmall;
    limits.segment_bytes = 100'000;
    limits.sync_bytes = 300;
    Spool spool(io, limits, at(0));
    append(spool, 1);
    spool.tick(at(1));
    EXPECT_EQ(seqs(spool), (Seqs{}));
    spool.tick(at(2));  // A second later.
    EXPECT_EQ(seqs(spool), (Seqs{1}));
    append(spool, 2);
    append(spool, 2);
    spool.tick(at(2));
    EXPECT_EQ(seqs(spool), (Seqs{1}));
    append(spool, 2);  // More than 300 bytes.
    spool.tick(at(2));
    EXPECT_EQ(seqs(spool), (Seqs{1, 2, 3, 4}));
}

TEST(Spool, ForgetsWhatIsSettledSegmentBySegment) {
    RecordingIo io;
    Spool spool(io, kSmall, at(0));
    append_synced(spool, 12);
    const auto before = spool.counts().bytes;
    EXPECT_EQ(spool.settle(ack(spool.boot(), 6)), 6u);
    EXPECT_EQ(seqs(spool), (Seqs{7, 8, 9, 10, 11, 12}));
    EXPECT_LT(spool.counts().bytes, before);
    EXPECT_EQ(spool.settle(ack(spool.boot(), 6)), 0u);
    wire::Ack beyond{spool.boot(), 6, {{9, 10}}, {}, {}, 0, {}};
    EXPECT_EQ(spool.settle(beyond), 2u);
    EXPECT_EQ(seqs(spool), (Seqs{7, 8, 11, 12}));
    EXPECT_EQ(spool.counts().reports, 4u);
}

TEST(Spool, SettlesNothingThatItDoesNotHave) {
    RecordingIo io;
    Spool spool(io, kSmall, at(0));
    append_synced(spool, 2);
    EXPECT_EQ(spool.settle(ack({1, 2, 3}, 100)), 0u);
    EXPECT_EQ(spool.settle(ack(spool.boot(), 1'000'000)), 2u);
    append_synced(spool, 1);  // Made after that ack, so it is not settled by it.
    EXPECT_EQ(seqs(spool), (Seqs{3}));
}

TEST(Spool, CountsRejectedReportsAsSettledOnce) {
    RecordingIo io;
    Spool spool(io, kSmall, at(0));
    append_synced(spool, 3);
    const wire::Ack rejecting{spool.boot(), 3, {}, {{{2, 2}, "bad_time"}}, {}, 0, {}};
    EXPECT_EQ(spool.settle(rejecting), 3u);
    EXPECT_EQ(spool.settle(rejecting), 0u);
    EXPECT_EQ(spool.counts().rejected, 1u);
    EXPECT_EQ(spool.counts().settled, 3u);
}

TEST(Spool, KeepsTheReportsOfBootsBefore) {
    RecordingIo io;
    wire::BootId first{};
    {
        Spool spool(io, kSmall, at(0));
        first = spool.boot();
        append_synced(spool, 3);
    }
    Spool spool(io, kSmall, at(10));
    EXPECT_NE(spool.boot(), first);
    EXPECT_EQ(spool.starts(), 2u);
    append_synced(spool, 2);
    EXPECT_EQ(seqs(spool), (Seqs{1, 2, 3, 1, 2}));
    EXPECT_EQ(spool.settle(ack(first, 3)), 3u);
    EXPECT_EQ(seqs(spool), (Seqs{1, 2}));
}

TEST(Spool, GivesUpTheOldestWhenItIsFullAndTellsUntilThatIsAcknowledged) {
    RecordingIo io;
    auto limits = kSmall;
    limits.bytes_max = 2'200;
    Spool spool(io, limits, at(0));
    append_synced(spool, 15);
    const auto there = seqs(spool);
    ASSERT_FALSE(there.empty());
    EXPECT_GT(there.front(), 1u);
    const auto told = spool.losses_to_tell(10);
    const std::vector<wire::Loss> expected{
        {spool.boot(), 1, there.front() - 1, wire::LossReason::spool_full}};
    EXPECT_EQ(told, expected);
    EXPECT_EQ(spool.counts().evicted, there.front() - 1);
    append_synced(spool, 1);  // The report that tells it, 16.
    EXPECT_TRUE(spool.losses_to_tell(10).empty());
    spool.settle(ack(spool.boot(), 15));
    EXPECT_EQ(spool.counts().losses, 1u);
    spool.settle(ack(spool.boot(), 16));
    EXPECT_EQ(spool.counts().losses, 0u);
}

TEST(Spool, TellsALossAgainWhenItsReportWasRejected) {
    RecordingIo io;
    auto limits = kSmall;
    limits.bytes_max = 2'200;
    Spool spool(io, limits, at(0));
    append_synced(spool, 15);
    const auto told = spool.losses_to_tell(10);
    append_synced(spool, 1);
    spool.settle({spool.boot(), 16, {}, {{{16, 16}, "bad_time"}}, {}, 0, {}});
    EXPECT_EQ(spool.losses_to_tell(10), told);
}

TEST(Spool, TellsALossAgainAfterARestart) {
    RecordingIo io;
    auto limits = kSmall;
    limits.bytes_max = 2'200;
    std::vector<wire::Loss> told;
    {
        Spool spool(io, limits, at(0));
        append_synced(spool, 15);
        told = spool.losses_to_tell(10);
        append_synced(spool, 1);
    }
    Spool spool(io, limits, at(10));
    EXPECT_EQ(spool.losses_to_tell(10), told);
}

TEST(Spool, GivesUpWhatIsTooOldWhereClocksCanTell) {
    RecordingIo io;
    {
        Spool spool(io, kSmall, at(0));
        append_synced(spool, 6);
    }
    constexpr std::uint64_t kTwoMonths = 60 * 24 * 3600;
    Spool unsure(io, kSmall, at(kTwoMonths, wire::ClockState::floor));
    unsure.tick(at(kTwoMonths, wire::ClockState::floor));
    EXPECT_EQ(seqs(unsure), (Seqs{1, 2, 3, 4, 5, 6}));
    unsure.tick(at(kTwoMonths));
    EXPECT_EQ(seqs(unsure), (Seqs{}));
    const auto told = unsure.losses_to_tell(10);
    ASSERT_EQ(told.size(), 1u);
    EXPECT_EQ(told[0].reason, wire::LossReason::spool_age);
    EXPECT_EQ(told[0].last_seq, 6u);
}

TEST(Spool, OnAFullDiskSpendsSeqsAndSaysSo) {
    RecordingIo io;
    Spool spool(io, kSmall, at(0));
    append_synced(spool, 2);
    io.room = 0;
    for (std::uint64_t second = 10; second < 14; ++second) {
        while (append(spool, second)) {
        }
    }
    const auto not_kept = spool.counts().not_kept;
    EXPECT_GE(not_kept, 4u);
    const auto spent = spool.next_seq();
    io.room = 100'000;
    EXPECT_EQ(spool.losses_to_tell(10).size(), 1u);
    EXPECT_TRUE(append(spool, 20));
    EXPECT_TRUE(spool.sync());
    const auto there = seqs(spool);
    EXPECT_EQ(there.back(), spent);
    EXPECT_EQ(there.size() + not_kept + spool.counts().evicted, spent);
}

TEST(Spool, GivesUpItsOldestWhenOthersFillTheDisk) {
    RecordingIo io;
    Spool spool(io, kSmall, at(0));
    append_synced(spool, 20);
    io.room = 900;  // The state fits, and a segment after the oldest has gone.
    for (int i = 0; i < 6; ++i) append(spool, 30);
    spool.sync();
    EXPECT_GT(seqs(spool).front(), 1u);
    EXPECT_EQ(seqs(spool).back(), 26u);
}

TEST(Spool, OnADiskThatGoesReadOnlyStillSendsWhatItHas) {
    RecordingIo io;
    Spool spool(io, kSmall, at(0));
    append_synced(spool, 3);
    io.read_only = true;
    EXPECT_FALSE(append(spool, 10));
    EXPECT_FALSE(append(spool, 12));
    EXPECT_FALSE(spool.writable());
    EXPECT_EQ(seqs(spool), (Seqs{1, 2, 3}));
    EXPECT_EQ(spool.settle(ack(spool.boot(), 3)), 3u);
    io.read_only = false;
    EXPECT_TRUE(append(spool, 20));
    EXPECT_TRUE(spool.sync());
    EXPECT_EQ(seqs(spool), (Seqs{6}));
    EXPECT_EQ(spool.losses_to_tell(10).at(0).last_seq, 5u);
}

TEST(Spool, StartedOnAReadOnlyDiskDeclaresWhatItCouldNotKeepOnceItCan) {
    RecordingIo io;
    {
        Spool spool(io, kSmall, at(0));
        append_synced(spool, 2);
    }
    io.read_only = true;
    Spool spool(io, kSmall, at(10));
    EXPECT_EQ(seqs(spool), (Seqs{1, 2}));
    EXPECT_FALSE(append(spool, 11));
    EXPECT_FALSE(append(spool, 13));
    EXPECT_EQ(spool.next_seq(), 3u);
    io.read_only = false;
    EXPECT_TRUE(append(spool, 20));
    EXPECT_TRUE(spool.sync());
    EXPECT_EQ(seqs(spool), (Seqs{1, 2, 3}));
    const std::vector<wire::Loss> expected{{spool.boot(), 1, 2, wire::LossReason::spool_full}};
    EXPECT_EQ(spool.losses_to_tell(10), expected);
}

TEST(Spool, WritesDownWhatItGaveUpThoughOthersFillTheDiskToTheEnd) {
    RecordingIo io;
    wire::BootId first{};
    {
        Spool spool(io, kSmall, at(0));
        first = spool.boot();
        append_synced(spool, 20);
        io.room = 0;
    }
    std::vector<wire::Loss> told;
    std::uint64_t given_up = 0;
    {
        // It begins, gives up its oldest, and ends on a disk that stays full.
        Spool spool(io, kSmall, at(10));
        for (int i = 0; i < 40; ++i) {
            append(spool, 11);
            io.room = 0;
        }
        spool.close(at(12));
        EXPECT_GT(spool.counts().evicted, 0u);
        given_up = spool.counts().evicted + spool.counts().not_kept;
        told = spool.losses_to_tell(100);
    }
    io.room = 1 << 20;
    Spool spool(io, kSmall, at(20));
    EXPECT_EQ(spool.losses_to_tell(100), told);
    std::uint64_t declared = 0;
    for (const auto& loss : told) declared += loss.last_seq - loss.first_seq + 1;
    EXPECT_EQ(declared, given_up);
    EXPECT_EQ(told.front().boot, first);
}

TEST(Spool, ThatCannotBeListedTouchesNothingUntilItCan) {
    RecordingIo io;
    {
        Spool spool(io, kSmall, at(0));
        append_synced(spool, 2);
    }
    io.unreadable = true;
    const auto before = io.contents();
    Spool spool(io, kSmall, at(10));
    EXPECT_FALSE(append(spool, 11));
    EXPECT_EQ(io.contents(), before);
    io.unreadable = false;
    EXPECT_TRUE(append(spool, 20));
    EXPECT_TRUE(spool.sync());
    EXPECT_EQ(seqs(spool), (Seqs{1, 2, 2}));
}

TEST(Spool, SalvagesWhatIsWholeInASegmentThatRotted) {
    RecordingIo io;
    wire::BootId first{};
    {
        Spool spool(io, kSmall, at(0));
        first = spool.boot();
        append_synced(spool, 15);
    }
    const auto name = second_segment(io);
    io.body(name)[kSegmentHeaderBytes + record_bytes(68) + 60] ^= 1;  // Its second record.
    Spool spool(io, kSmall, at(10));
    const auto there = seqs(spool);
    ASSERT_EQ(there.size(), 14u);
    const auto lost = spool.losses_to_tell(10);
    ASSERT_EQ(lost.size(), 1u);
    EXPECT_EQ(lost[0].reason, wire::LossReason::spool_corrupt);
    EXPECT_EQ(lost[0].first_seq, lost[0].last_seq);
    EXPECT_EQ(std::count(there.begin(), there.end(), lost[0].first_seq), 0);
    EXPECT_TRUE(io.contents().contains("corrupt-" + name));
}

TEST(Spool, DeclaresASegmentLostThatIsGone) {
    RecordingIo io;
    {
        Spool spool(io, kSmall, at(0));
        append_synced(spool, 15);
    }
    auto contents = io.contents();
    contents.erase(second_segment(io));
    RecordingIo damaged(contents);
    Spool spool(damaged, kSmall, at(10));
    const auto lost = spool.losses_to_tell(10);
    ASSERT_EQ(lost.size(), 1u);
    EXPECT_EQ(lost[0].reason, wire::LossReason::spool_corrupt);
    EXPECT_EQ(seqs(spool).size() + (lost[0].last_seq - lost[0].first_seq + 1), 15u);
}

TEST(Spool, FindsRotWhileReading) {
    RecordingIo io;
    Spool spool(io, kSmall, at(0));
    append_synced(spool, 15);
    const auto name = second_segment(io);
    io.body(name)[kSegmentHeaderBytes + 70] ^= 1;
    const auto there = seqs(spool);
    EXPECT_EQ(there.size(), 14u);
    const auto lost = spool.losses_to_tell(10);
    ASSERT_EQ(lost.size(), 1u);
    EXPECT_EQ(std::count(there.begin(), there.end(), lost[0].first_seq), 0);
    EXPECT_EQ(seqs(spool), there);
}

TEST(Spool, StartsAnewWithoutItsState) {
    RecordingIo io;
    {
        Spool spool(io, kSmall, at(0));
        append_synced(spool, 3);
    }
    io.body("state") = "nonsense";
    Spool spool(io, kSmall, at(10));
    EXPECT_EQ(seqs(spool), (Seqs{1, 2, 3}));
}

TEST(Spool, KnowsTheLastGoodTime) {
    RecordingIo io;
    Spool spool(io, kSmall, at(100));
    EXPECT_EQ(spool.last_good(), at(100).wall);
    spool.tick(at(130));
    EXPECT_EQ(spool.last_good(), at(100).wall);
    spool.tick(at(160));
    EXPECT_EQ(spool.last_good(), at(160).wall);
    // A real-time clock may be wrong ahead; the network's time puts that right.
    auto ahead = at(220, wire::ClockState::rtc);
    ahead.wall += std::chrono::hours(24 * 365);
    spool.tick(ahead);
    EXPECT_EQ(spool.last_good(), ahead.wall);
    spool.tick(at(280));
    EXPECT_EQ(spool.last_good(), at(280).wall);
    spool.tick(at(50, wire::ClockState::floor));
    EXPECT_EQ(Spool(io, kSmall, at(0, wire::ClockState::unset)).last_good(), at(280).wall);
}

TEST(Spool, HoldsARecordLongerThanASegment) {
    RecordingIo io;
    Spool spool(io, kSmall, at(0));
    append_synced(spool, 1);
    const std::string long_frame(5'000, 'x');
    EXPECT_TRUE(spool.append(long_frame, at(1)));
    append_synced(spool, 1);
    EXPECT_EQ(spool.read({}, 1 << 20, 10).at(1).frame, long_frame);
}

TEST(Spool, WorksOnARealDisk) {
    auto name = (fs::temp_directory_path() / "mobilytics_XXXXXX").string();
    ASSERT_NE(mkdtemp(name.data()), nullptr);
    {
        DiskIo io(fs::path(name) / "spool");
        Spool spool(io, {}, at(0));
        append_synced(spool, 100);
        EXPECT_EQ(spool.settle(ack(spool.boot(), 40)), 40u);
        spool.close(at(10));
    }
    DiskIo io(fs::path(name) / "spool");
    Spool spool(io, {}, at(20));
    EXPECT_EQ(seqs(spool).size(), 60u);
    EXPECT_EQ(fs::status(fs::path(name) / "spool").permissions(), fs::perms::owner_all);
    fs::remove_all(name);
}

RC_GTEST_PROP(SeqSet, IsWhatASetOfNumbersIs, ()) {
    SeqSet set;
    std::set<std::uint64_t> numbers;
    for (int i = *rc::gen::inRange(0, 12); i > 0; --i) {
        const auto first = *rc::gen::inRange<std::uint64_t>(1, 40);
        const auto last = first + *rc::gen::inRange<std::uint64_t>(0, 8);
        set.add({first, last});
        for (auto number = first; number <= last; ++number) numbers.insert(number);
    }
    for (std::uint64_t number = 1; number < 50; ++number) {
        RC_ASSERT(set.has(number) == numbers.contains(number));
    }
    const auto first = *rc::gen::inRange<std::uint64_t>(1, 40);
    const wire::SeqRange range{first, first + *rc::gen::inRange<std::uint64_t>(0, 10)};
    std::set<std::uint64_t> missing;
    for (const auto& part : set.missing_in(range)) {
        RC_ASSERT(part.first <= part.last);
        for (auto number = part.first; number <= part.last; ++number) missing.insert(number);
    }
    for (auto number = range.first; number <= range.last; ++number) {
        RC_ASSERT(missing.contains(number) != numbers.contains(number));
    }
    RC_ASSERT(set.has_all(range) == missing.empty());
    std::uint64_t cumulative = 0;
    while (numbers.contains(cumulative + 1)) ++cumulative;
    RC_ASSERT(set.cumulative() == cumulative);
}

}  // namespace
}  // namespace mobilytics::sensor
