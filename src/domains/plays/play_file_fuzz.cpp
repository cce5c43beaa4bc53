// Whatever is read is in order, of its time, and told to the end.

#include "domains/plays/play_file.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    namespace plays = mobilytics::plays;
    if (size == 0) return 0;
    const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
    const plays::Reading by{
        .format = (data[0] & 1) != 0 ? plays::FileFormat::json_lines : plays::FileFormat::csv,
        .names = {"North"},
        .versions = {{.from = {}, .to = {}, .digital = true, .loop_s = 60, .spot_s = 10}},
        .covers = {},
        .now = mobilytics::Instant(std::chrono::hours(24 * 365 * 56))};
    const plays::Quotas quotas{.lines_max = 1000, .faults_max = 10};
    const auto read = plays::read_log(text, by, quotas);
    if (!read) {
        if (read.error().faults.size() > 10 || read.error().message.empty()) std::abort();
        return 0;
    }
    if (read->lines.empty() || read->covered.empty() || read->from >= read->to) std::abort();
    const plays::Line* before = nullptr;
    for (const auto& line : read->lines) {
        if (before != nullptr && line.start < before->start) std::abort();
        if (line.creative >= read->creatives.size() || line.duration_ms < 1000) std::abort();
        if (line.start < read->covered.front().from || line.start >= read->covered.back().to) {
            std::abort();
        }
        before = &line;
    }
    for (const auto& label : read->creatives) {
        if (!plays::is_plain(label, 200)) std::abort();
    }
    for (std::size_t i = 1; i < read->covered.size(); ++i) {
        if (read->covered[i].from < read->covered[i - 1].to) std::abort();
    }
    return 0;
}
