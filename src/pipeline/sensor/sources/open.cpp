#include "pipeline/sensor/sources/open.h"

#include <cerrno>
#include <cstring>

#include <sys/stat.h>
#include <unistd.h>

#include "pipeline/sensor/sources/bluetooth.h"
#include "pipeline/sensor/sources/capture_file.h"
#include "pipeline/sensor/sources/fix_stream.h"
#include "pipeline/sensor/sources/followed_capture.h"
#include "pipeline/sensor/sources/gpsd_source.h"
#include "pipeline/sensor/sources/radio.h"

namespace mobilytics::sensor {

Result<std::unique_ptr<FrameSource>> open_capture(const std::string& path) {
    TRY(auto stream, OctetStream::open(path));
    return std::make_unique<CaptureFile>(std::move(stream));
}

Result<std::unique_ptr<FrameSource>> open_capture_stream(const std::string& path) {
    struct stat status{};
    const bool standard_input = path == "-";
    const int code = standard_input ? fstat(STDIN_FILENO, &status) : stat(path.c_str(), &status);
    if (code != 0) {
        return fail(ErrorKind::invalid, "unreadable", path + ": " + std::strerror(errno));
    }
    if (standard_input && !S_ISREG(status.st_mode)) return open_capture(path);
    if (S_ISFIFO(status.st_mode)) return std::make_unique<FollowedCapture>(path);
    return fail(
        ErrorKind::invalid, "not_a_stream",
        path + ": nothing is heard there now; a file is played by mobilytics-sensor replay");
}

Result<std::unique_ptr<FixSource>> open_fixes(const std::string& path) {
    TRY(auto stream, OctetStream::open(path));
    return std::make_unique<FixStream>(std::move(stream));
}

std::unique_ptr<FixSource> open_gpsd(GpsdOptions options) {
    return std::make_unique<GpsdSource>(std::move(options));
}

Result<std::unique_ptr<FrameSource>> open_radio(const RadioOptions& options) {
    return Radio::open(options);
}

Result<std::unique_ptr<FrameSource>> open_bluetooth(
    const std::string& interface, const Clock& clock) {
    return BluetoothScan::open(interface, clock);
}

}  // namespace mobilytics::sensor
