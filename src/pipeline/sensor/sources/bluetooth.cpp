#include "pipeline/sensor/sources/bluetooth.h"

#include <array>
#include <cerrno>
#include <cstring>

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "pipeline/sensor/decode/fix_text.h"
#include "pipeline/sensor/decode/octets.h"

namespace mobilytics::sensor {

namespace {

// Of the kernel's include/net/bluetooth, whose user header comes with BlueZ only.
constexpr int kBluetoothFamily = 31;
constexpr int kHciProtocol = 1;
constexpr int kHciLevel = 0;
constexpr int kHciFilter = 2;
struct HciAddress {
    sa_family_t family = kBluetoothFamily;
    std::uint16_t device = 0;
    std::uint16_t channel = 0;  // Raw.
};
struct HciFilter {
    std::uint32_t packets = 1U << 4;  // Events; of those:
    std::array<std::uint32_t, 2> events{1U << 0x0E | 1U << 0x0F, 1U << (0x3E - 32)};
    std::uint16_t opcode = 0;
};

constexpr std::uint16_t kScanParameters = 0x200B;
constexpr std::uint16_t kScanEnable = 0x200C;
constexpr std::uint16_t kExtendedScanParameters = 0x2041;
constexpr std::uint16_t kExtendedScanEnable = 0x2042;
constexpr std::uint8_t kUnknownCommand = 0x01;

// Passive, listening all the time (a window as long as the interval, 10 ms), any device.
constexpr std::array<std::uint8_t, 7> kPassive{0, 0x10, 0, 0x10, 0, 0, 0};
constexpr std::array<std::uint8_t, 8> kExtendedPassive{0, 0, 1, 0, 0x10, 0, 0x10, 0};
// On or off; duplicates too; extended: for ever.
constexpr std::array<std::uint8_t, 2> kOn{1, 0};
constexpr std::array<std::uint8_t, 2> kOff{0, 0};
constexpr std::array<std::uint8_t, 6> kExtendedOn{1, 0, 0, 0, 0, 0};
constexpr std::array<std::uint8_t, 6> kExtendedOff{0, 0, 0, 0, 0, 0};

constexpr std::chrono::milliseconds kAnswerMax{1'000};

tl::unexpected<Error> refused(int error, const std::string& interface) {
    if (error == EPERM || error == EACCES) {
        return fail(
            ErrorKind::forbidden, "not_permitted",
            "scanning on " + interface + " needs CAP_NET_RAW and CAP_NET_ADMIN");
    }
    if (error == ENODEV) {
        return fail(ErrorKind::invalid, "no_interface", "there is no controller " + interface);
    }
    return fail(
        ErrorKind::unavailable, "no_bluetooth",
        std::string("this machine's kernel gives no Bluetooth: ") + std::strerror(error));
}

}  // namespace

Result<std::unique_ptr<FrameSource>> BluetoothScan::open(
    const std::string& interface, const Clock& clock) {
    const auto number =
        interface.starts_with("hci") ? read_digits(interface.substr(3)) : std::nullopt;
    if (!number || *number > 255) {
        return fail(
            ErrorKind::invalid, "no_interface", interface + " is no controller, such as hci0");
    }
    const int descriptor =
        socket(kBluetoothFamily, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, kHciProtocol);
    if (descriptor < 0) return refused(errno, interface);
    auto scan = std::make_unique<BluetoothScan>(descriptor, clock);
    const HciFilter filter;
    HciAddress address;
    address.device = static_cast<std::uint16_t>(*number);
    if (setsockopt(descriptor, kHciLevel, kHciFilter, &filter, sizeof filter) != 0 ||
        bind(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
        return refused(errno, interface);
    }
    CHECK(scan->start());
    return scan;
}

BluetoothScan::~BluetoothScan() {
    if (scanning_ && extended_) command(kExtendedScanEnable, kExtendedOff);
    if (scanning_ && !extended_) command(kScanEnable, kOff);
    close(socket_);
}

Octets BluetoothScan::receive() {
    const ssize_t size = recv(socket_, message_.data(), message_.size(), MSG_DONTWAIT);
    return Octets(message_).first(size > 0 ? static_cast<std::size_t>(size) : 0);
}

std::optional<std::uint8_t> BluetoothScan::command(std::uint16_t opcode, Octets parameters) {
    std::vector<std::uint8_t> packet{
        0x01, static_cast<std::uint8_t>(opcode), static_cast<std::uint8_t>(opcode >> 8),
        static_cast<std::uint8_t>(parameters.size())};
    packet.insert(packet.end(), parameters.begin(), parameters.end());
    if (send(socket_, packet.data(), packet.size(), MSG_NOSIGNAL) < 0) return std::nullopt;
    // While it scans, reports come between; more than these, and it does not mean to answer.
    constexpr int kMessagesMax = 1000;
    for (int i = 0; i < kMessagesMax; ++i) {
        if (cancel_.wait(socket_, POLLIN, kAnswerMax) == Cancel::Woken::by_time) break;
        OctetReader in(receive());
        if (in.rest().empty()) break;
        in.skip(1);
        const std::uint8_t event = in.u8();
        in.skip(2);  // Length; how many commands it takes.
        constexpr std::uint8_t kCommandComplete = 0x0E;
        if (event == kCommandComplete && in.little16() == opcode) return in.u8();
    }
    return std::nullopt;
}

Result<> BluetoothScan::start() {
    command(kExtendedScanEnable, kExtendedOff);  // What somebody else began has other parameters.
    auto status = command(kExtendedScanParameters, kExtendedPassive);
    extended_ = status != kUnknownCommand;
    if (extended_ && status == 0) status = command(kExtendedScanEnable, kExtendedOn);
    if (!extended_) {
        command(kScanEnable, kOff);
        status = command(kScanParameters, kPassive);
        if (status == 0) status = command(kScanEnable, kOn);
    }
    if (!status) {
        return fail(ErrorKind::unavailable, "no_answer", "the controller does not answer");
    }
    scanning_ = status == 0;
    if (scanning_) return {};
    return fail(
        ErrorKind::unavailable, "scan_refused",
        "the controller refuses to scan, with status " + std::to_string(*status));
}

Step BluetoothScan::next(RawFrame& frame, std::chrono::milliseconds wait_max) {
    if (over_) return *over_;
    const auto woken = cancel_.wait(socket_, POLLIN, wait_max);
    if (woken == Cancel::Woken::by_cancel) return Step::end;
    if (woken == Cancel::Woken::by_time) return Step::idle;
    errno = 0;
    const Octets message = receive();
    if (message.empty()) {
        if (errno == EAGAIN || errno == EINTR) return Step::idle;
        failure_ = {ErrorKind::unavailable, "radio_gone", "the controller is gone"};
        over_ = Step::failed;
        return Step::failed;
    }
    frame.link = LinkType::hci_h4;
    frame.at = clock_.now();
    frame.bytes = message;
    frame.original_bytes = static_cast<std::uint32_t>(message.size());
    frame.number = ++number_;
    frame.fcs_bytes = 0;
    return Step::ready;
}

}  // namespace mobilytics::sensor
