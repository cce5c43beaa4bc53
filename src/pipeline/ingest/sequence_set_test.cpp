#include "pipeline/ingest/sequence_set.h"

#include <set>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace mobilytics::ingest {
namespace {

using Model = std::set<std::uint64_t>;

SequenceSet set_of(const Model& model) {
    SequenceSet out;
    for (const auto number : model) out.insert(number);
    return out;
}

Model model_of(const SequenceSet& set) {
    Model out;
    for (const auto& range : set.ranges()) {
        for (auto number = range.first; number <= range.last; ++number) out.insert(number);
    }
    return out;
}

wire::SeqRange some_range() {
    const auto first = *rc::gen::inRange<std::uint64_t>(1, 40);
    return {first, first + *rc::gen::inRange<std::uint64_t>(0, 9)};
}

RC_GTEST_PROP(SequenceSet, IsASet, ()) {
    SequenceSet set;
    Model model;
    for (int step = *rc::gen::inRange(0, 30); step > 0; --step) {
        const auto range = some_range();
        const bool insert = *rc::gen::arbitrary<bool>();
        insert ? set.insert(range) : set.erase(range);
        for (auto number = range.first; number <= range.last; ++number) {
            insert ? void(model.insert(number)) : void(model.erase(number));
        }
        RC_ASSERT(model_of(set) == model);
        RC_ASSERT(set == set_of(model));  // One spelling for one set.
        RC_ASSERT(set.count() == model.size());
    }
    const auto range = some_range();
    bool all = true;
    for (auto number = range.first; number <= range.last; ++number) all &= model.contains(number);
    RC_ASSERT(set.contains(range) == all);
    RC_ASSERT(SequenceSet::parse(set.text()) == set);
    std::uint64_t cumulative = 0;
    while (model.contains(cumulative + 1)) ++cumulative;
    RC_ASSERT(set.cumulative() == cumulative);
}

RC_GTEST_PROP(SequenceSet, UnitesAndSubtracts, ()) {
    const auto numbers = rc::gen::container<Model>(rc::gen::inRange<std::uint64_t>(1, 60));
    const auto a = *numbers, b = *numbers;
    const auto range = some_range();
    Model both = a, rest, within;
    both.insert(b.begin(), b.end());
    for (const auto number : a) {
        if (!b.contains(number)) rest.insert(number);
        if (number >= range.first && number <= range.last) within.insert(number);
    }
    RC_ASSERT(set_of(a).united(set_of(b)) == set_of(both));
    RC_ASSERT(set_of(a).without(set_of(b)) == set_of(rest));
    RC_ASSERT(set_of(a).within(range) == set_of(within));
}

TEST(SequenceSet, IsWrittenAsPostgresWritesIt) {
    SequenceSet set;
    EXPECT_EQ(set.text(), "{}");
    set.insert({1, 7});
    set.insert({10, 10});
    set.insert({kSequenceMax, kSequenceMax});
    EXPECT_EQ(set.text(), "{[1,8),[10,11),[1152921504606846976,1152921504606846977)}");
    EXPECT_EQ(SequenceSet::parse(set.text()), set);
}

TEST(SequenceSet, ReadsNothingElse) {
    for (const auto* text :
         {"", "{", "[1,2)", "{[0,2)}", "{[2,2)}", "{[3,2)}", "{[1,3),[3,4)}", "{[4,5),[1,2)}",
          "{[1,2]}", "{(1,2)}", "{[1,2)}x", "{[1,2),}", "{[,2)}", "{[-1,2)}",
          "{[1,18446744073709551615)}", "{[1,99999999999999999999)}"}) {
        EXPECT_EQ(SequenceSet::parse(text), std::nullopt) << text;
    }
}

}  // namespace
}  // namespace mobilytics::ingest
