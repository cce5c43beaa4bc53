#include "platform/metrics/metrics.h"

#include <gtest/gtest.h>

namespace mobilytics::metrics {
namespace {

TEST(Metrics, AreWrittenAsPrometheusReadsThem) {
    Registry registry;
    registry.counter("reports_total", "Reports.", {{"outcome", "accepted"}}).Increment(3);
    auto& open = registry.gauge("open_files", "Open files.");
    registry.before_text([&open] { open.Set(7); });
    EXPECT_EQ(
        registry.text(),
        "# HELP reports_total Reports.\n# TYPE reports_total counter\n"
        "reports_total{outcome=\"accepted\"} 3\n"
        "# HELP open_files Open files.\n# TYPE open_files gauge\nopen_files 7\n");
}

TEST(Metrics, TheSameNameAndLabelsGiveTheSameCounter) {
    Registry registry;
    auto& first = registry.counter("frames_total", "Frames.", {{"why", "short"}});
    auto& again = registry.counter("frames_total", "Frames.", {{"why", "short"}});
    auto& other = registry.counter("frames_total", "Frames.", {{"why", "bad_fcs"}});
    EXPECT_EQ(&first, &again);
    EXPECT_NE(&first, &other);
}

TEST(Metrics, AHistogramCountsUpToItsBounds) {
    Registry registry;
    auto& wait = registry.histogram("wait_seconds", "Waits.", {}, {0.1, 1});
    for (const double seconds : {0.05, 0.5, 5.0}) wait.Observe(seconds);
    EXPECT_EQ(
        registry.text(),
        "# HELP wait_seconds Waits.\n# TYPE wait_seconds histogram\n"
        "wait_seconds_count 3\nwait_seconds_sum 5.55\n"
        "wait_seconds_bucket{le=\"0.1\"} 1\nwait_seconds_bucket{le=\"1\"} 2\n"
        "wait_seconds_bucket{le=\"+Inf\"} 3\n");
}

}  // namespace
}  // namespace mobilytics::metrics
