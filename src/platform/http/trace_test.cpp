#include "platform/http/trace.h"

#include <gtest/gtest.h>

namespace mobilytics::http {
namespace {

const std::string kId = "4bf92f3577b34da6a3ce929d0e0e4736";
const std::string kParent = "00f067aa0ba902b7";

TEST(Trace, GoesOnWhereAnotherHasBegunIt) {
    const auto trace = trace_of("00-" + kId + "-" + kParent + "-01");
    EXPECT_EQ(trace.id, kId);
    EXPECT_EQ(trace.parent, kParent);
    EXPECT_TRUE(trace.sampled);
    EXPECT_EQ(trace.span.size(), 16u);
    EXPECT_NE(trace.span, kParent);
    EXPECT_EQ(trace.str(), "00-" + kId + "-" + trace.span + "-01");
    EXPECT_FALSE(trace_of("00-" + kId + "-" + kParent + "-00").sampled);
    EXPECT_EQ(trace_of("cc-" + kId + "-" + kParent + "-00-and more").id, kId);
}

TEST(Trace, WhatIsNoneBeginsAnew) {
    const std::string zeros(32, '0');
    for (const auto& text :
         {std::string(), std::string("00"), "ff-" + kId + "-" + kParent + "-01",
          "00-" + zeros + "-" + kParent + "-01", "00-" + kId + "-" + zeros.substr(16) + "-01",
          "00-" + kId + "-" + kParent + "-01-more", "00-" + kId + "-" + kParent + "-0g",
          "00-4BF92F3577B34DA6A3CE929D0E0E4736-" + kParent + "-01",
          "00-" + kId + "_" + kParent + "-01", "cc-" + kId + "-" + kParent + "-01.more",
          "00-" + kId.substr(1) + "\n-" + kParent + "-01"}) {
        const auto trace = trace_of(text);
        EXPECT_NE(trace.id, kId) << text;
        EXPECT_EQ(trace.id.size(), 32u) << text;
        EXPECT_EQ(trace.id.find_first_not_of("0123456789abcdef"), std::string::npos) << text;
        EXPECT_EQ(trace.parent, "") << text;
    }
    EXPECT_NE(trace_of("").id, trace_of("").id);
}

}  // namespace
}  // namespace mobilytics::http
