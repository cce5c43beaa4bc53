// Every moment at which the power may go, and every state of the disk that may be left: recovery
// runs on each, and what was said to be durable is there, once, without gaps.

#include <gtest/gtest.h>

#include "pipeline/sensor/spool/recording_io_test.h"
#include "pipeline/sensor/spool/spool.h"

namespace mobilytics::sensor {
namespace {

constexpr SpoolLimits kSmall{.segment_bytes = 700, .bytes_max = 100'000};
constexpr SpoolLimits kTight{.segment_bytes = 700, .bytes_max = 2'200};

Moment at(std::uint64_t second) {
    return {
        Instant(std::chrono::seconds(1'787'000'000 + second)), second * 1'000'000,
        wire::ClockState::ntp};
}

std::string frame_of(const SeqKey& key) {
    return "report " + std::to_string(key.seq) + " of " + hex_of(key.boot) +
           std::string(40 + key.seq % 5 * 13, '.');
}

/// What was promised, and from which operation of the disk on.
struct Promises {
    std::map<SeqKey, std::size_t> durable;
    std::map<SeqKey, std::size_t> settled;
    std::map<wire::BootId, std::uint64_t> starts;  // Which start each boot was.
};

/// A spool at work on a disk that remembers.
class Work {
  public:
    Work(RecordingIo& io, const SpoolLimits& limits, Promises& promises, std::uint64_t second)
        : io_(io), promises_(promises), second_(second), spool_(io, limits, at(second)) {
        promises_.starts[spool_.boot()] = spool_.starts();
    }
    void append(int count) {
        for (int i = 0; i < count; ++i) {
            const SeqKey key{spool_.boot(), spool_.next_seq()};
            spool_.losses_to_tell(10);
            if (spool_.append(frame_of(key), at(++second_))) appended_.push_back(key);
        }
    }
    void sync() {
        ASSERT_TRUE(spool_.sync());
        for (const auto& key : appended_) promises_.durable.emplace(key, io_.operations());
        appended_.clear();
    }
    void settle(wire::BootId boot, std::uint64_t through, std::vector<wire::SeqRange> beyond = {}) {
        wire::Ack ack{boot, through, beyond, {}, {}, 0, {}};
        beyond.push_back({1, through});
        for (const auto& range : beyond) {
            for (auto seq = range.first; seq <= range.last; ++seq) {
                promises_.settled.emplace(SeqKey{boot, seq}, io_.operations());
            }
        }
        spool_.settle(ack);
    }
    Spool& spool() { return spool_; }

  private:
    RecordingIo& io_;
    Promises& promises_;
    std::uint64_t second_;
    Spool spool_;
    std::vector<SeqKey> appended_;
};

std::map<SeqKey, std::string> read_all(Spool& spool) {
    std::map<SeqKey, std::string> out;
    SpoolCursor after;
    for (;;) {
        const auto some = spool.read(after, 500, 3);
        if (some.empty()) return out;
        for (const auto& one : some) {
            EXPECT_TRUE(out.emplace(one.key, one.frame).second) << "twice: " << one.key.seq;
        }
        after = some.back().next;
    }
}

SeqSets lost(const std::vector<wire::Loss>& losses) {
    SeqSets out;
    for (const auto& loss : losses) out[loss.boot].add({loss.first_seq, loss.last_seq});
    return out;
}

/// How many states were looked at, and what is wrong with any.
class Inspection {
  public:
    Inspection(const Promises& promises, const SpoolLimits& limits, bool may_evict)
        : promises_(promises), limits_(limits), may_evict_(may_evict) {}

    void look(const Contents& contents, std::size_t operations) {
        ++states;
        RecordingIo io(contents);
        Spool spool(io, limits_, at(9'000));
        const auto there = read_all(spool);
        auto losses = lost(spool.losses_to_tell(1'000));
        if (!may_evict_) EXPECT_TRUE(losses.empty());
        for (const auto& [key, since] : promises_.durable) {
            const bool settled = is_since(promises_.settled, key, operations);
            if (since > operations || settled) continue;
            EXPECT_TRUE(there.contains(key) || losses[key.boot].has(key.seq))
                << "lost: " << key.seq << " at " << operations;
        }
        SeqSets accounted = losses;
        for (const auto& [key, since] : promises_.settled) {
            if (since <= operations) accounted[key.boot].add({key.seq, key.seq});
        }
        for (const auto& [key, frame] : there) {
            EXPECT_EQ(frame, frame_of(key));
            EXPECT_FALSE(losses[key.boot].has(key.seq)) << "there, but declared lost: " << key.seq;
            accounted[key.boot].add({key.seq, key.seq});
            // Its boot was persisted before it was: this start is a later one.
            EXPECT_GT(spool.starts(), promises_.starts.at(key.boot));
            EXPECT_NE(spool.boot(), key.boot);
        }
        for (const auto& [key, frame] : there) {
            EXPECT_GE(accounted[key.boot].cumulative(), key.seq) << "a gap before " << key.seq;
        }
        goes_on(io, spool, there);
    }
    std::size_t states = 0;

  private:
    static bool is_since(
        const std::map<SeqKey, std::size_t>& since, const SeqKey& key, std::size_t operations) {
        const auto found = since.find(key);
        return found != since.end() && found->second <= operations;
    }
    /// After recovery it takes more, and a start without a crash finds the same.
    void goes_on(RecordingIo& io, Spool& spool, std::map<SeqKey, std::string> there) {
        const SeqKey key{spool.boot(), 1};
        ASSERT_TRUE(spool.append(frame_of(key), at(9'001)));
        ASSERT_TRUE(spool.sync());
        if (may_evict_) return;
        there[key] = frame_of(key);
        EXPECT_EQ(read_all(spool), there);
        Spool next(io, limits_, at(9'002));
        EXPECT_EQ(read_all(next), there);
    }

    const Promises& promises_;
    const SpoolLimits& limits_;
    bool may_evict_;
};

void inspect_all(
    const RecordingIo& io, const Promises& promises, const SpoolLimits& limits, bool may_evict,
    std::size_t states_at_least) {
    Inspection inspection(promises, limits, may_evict);
    for (std::size_t i = 0; i <= io.operations() && !::testing::Test::HasFailure(); ++i) {
        io.each_crash(i, [&](const Contents& contents) { inspection.look(contents, i); });
    }
    EXPECT_GE(inspection.states, states_at_least);
    std::printf("%zu states of the disk\n", inspection.states);
}

TEST(PowerCut, LosesNothingThatWasSynced) {
    RecordingIo io;
    Promises promises;
    wire::BootId first{};
    {
        Work work(io, kSmall, promises, 0);
        first = work.spool().boot();
        work.append(3);
        work.sync();
        work.append(4);
        work.sync();
        work.append(2);
        work.settle(first, 4);
        work.sync();
        work.append(1);  // Never synced.
    }
    {
        Work work(io, kSmall, promises, 100);
        work.append(2);
        work.sync();
        work.settle(first, 5, {{7, 9}});
        work.append(3);
        work.sync();
        work.settle(first, 9);
        work.settle(work.spool().boot(), 1, {{3, 3}});
        for (std::uint64_t i = 0; i < 8; ++i) {
            work.append(5);  // More than a segment holds.
            work.sync();
            work.settle(work.spool().boot(), 3 * i);
        }
        work.spool().close(at(200));
    }
    inspect_all(io, promises, kSmall, false, 700);
}

TEST(PowerCut, WhileTheOldestIsGivenUpLosesNothingUndeclared) {
    RecordingIo io;
    Promises promises;
    {
        Work work(io, kTight, promises, 0);
        for (int i = 0; i < 8; ++i) {
            work.append(4);
            work.sync();
        }
        work.settle(work.spool().boot(), 25);
        EXPECT_GT(work.spool().counts().evicted, 0u);
    }
    {
        Work work(io, kTight, promises, 100);
        work.append(7);
        work.sync();
    }
    inspect_all(io, promises, kTight, true, 800);
}

TEST(PowerCut, AfterASyncThatFailedLosesNothing) {
    RecordingIo io;
    Promises promises;
    {
        Work work(io, kSmall, promises, 0);
        work.append(3);
        work.sync();
        work.append(2);
        io.syncs_to_fail = 1;
        work.sync();  // Written again elsewhere, and synced there.
        work.append(2);
        work.sync();
    }
    inspect_all(io, promises, kSmall, false, 200);
}

TEST(PowerCut, InTheMidstOfRecoveryLosesNothing) {
    RecordingIo io;
    Promises promises;
    {
        Work work(io, kSmall, promises, 0);
        work.append(5);
        work.sync();
        work.append(2);
    }
    std::size_t states = 0;
    io.each_crash(io.operations(), [&](const Contents& contents) {
        RecordingIo second(contents);
        Promises after;
        // What was durable at the first crash still must be, at any moment of the second life.
        for (const auto& [key, since] : promises.durable) after.durable[key] = 0;
        after.starts = promises.starts;
        Work work(second, kSmall, after, 100);
        work.append(2);
        work.sync();
        Inspection inspection(after, kSmall, false);
        for (std::size_t i = 0; i <= second.operations(); ++i) {
            second.each_crash(i, [&](const Contents& left) { inspection.look(left, i); });
        }
        states += inspection.states;
    });
    EXPECT_GE(states, 300u);
    std::printf("%zu states of the disk\n", states);
}

}  // namespace
}  // namespace mobilytics::sensor
