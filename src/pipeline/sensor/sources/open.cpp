#include "pipeline/sensor/sources/open.h"

#include "pipeline/sensor/sources/bluetooth.h"
#include "pipeline/sensor/sources/capture_file.h"
#include "pipeline/sensor/sources/fix_stream.h"
#include "pipeline/sensor/sources/gpsd_source.h"
#include "pipeline/sensor/sources/radio.h"

namespace mobilytics::sensor {

Result<std::unique_ptr<FrameSource>> open_capture(const std::string& path) {
    TRY(auto stream, OctetStream::open(path));
    return std::make_unique<CaptureFile>(std::move(stream));
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
