// Sources on real files, pipes, sockets and interfaces.

#include <array>
#include <filesystem>
#include <fstream>
#include <map>
#include <thread>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <net/if.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "foundation/clock_test.h"
#include "pipeline/sensor/decode/written_octets.h"
#include "pipeline/sensor/sources/bluetooth.h"
#include "pipeline/sensor/sources/gpsd_source.h"
#include "pipeline/sensor/sources/hopper.h"
#include "pipeline/sensor/sources/open.h"

namespace mobilytics::sensor {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kLong{10'000};

class Folder {
  public:
    Folder() {
        std::string name = (std::filesystem::temp_directory_path() / "sources.XXXXXX").string();
        path_ = mkdtemp(name.data());
    }
    ~Folder() { std::filesystem::remove_all(path_); }
    std::string file(const std::string& name, std::string_view content) const {
        const auto path = path_ / name;
        std::ofstream(path, std::ios::binary) << content;
        return path;
    }
    std::string operator/(const std::string& name) const { return path_ / name; }

  private:
    std::filesystem::path path_;
};

std::string text_of(const std::vector<std::uint8_t>& octets) {
    return {octets.begin(), octets.end()};
}

const std::string kPcap =
    text_of(octets("d4c3b2a1 0200 0400 00000000 00000000 ffff0000 7f000000"
                   "01000000 02000000 03000000 03000000 aabbcc"));

TEST(Captures, AFileEnds) {
    const Folder folder;
    const auto source = open_capture(folder.file("a.pcap", kPcap)).value();
    RawFrame frame;
    EXPECT_FALSE(source->live());
    EXPECT_EQ(source->next(frame, kLong), Step::ready);
    EXPECT_EQ(frame.bytes.size(), 3U);
    EXPECT_EQ(source->next(frame, kLong), Step::end);
    EXPECT_EQ(source->next(frame, kLong), Step::end);
}

TEST(Captures, WhatIsWrongWithAFileIsSaid) {
    const Folder folder;
    const auto code_of = [&](std::string_view content) {
        const auto source = open_capture(folder.file("x", content)).value();
        RawFrame frame;
        Step step = Step::ready;
        while (step == Step::ready) step = source->next(frame, kLong);
        EXPECT_EQ(step, Step::failed);
        return source->failure().code;
    };
    EXPECT_EQ(code_of(""), "not_a_capture");
    EXPECT_EQ(code_of("PK\3\4 and so on"), "not_a_capture");
    EXPECT_EQ(code_of(kPcap.substr(0, kPcap.size() - 1)), "cut_off");
    EXPECT_EQ(code_of(kPcap + std::string(16, '\xFF')), "bad_capture");
    EXPECT_EQ(open_capture(folder / "none").error().code, "unreadable");
    EXPECT_EQ(open_capture(folder / "").error().code, "unreadable");
}

TEST(Captures, APipeIsWaitedForAndCanBeLeft) {
    const Folder folder;
    const std::string path = folder / "pipe";
    ASSERT_EQ(mkfifo(path.c_str(), 0600), 0);
    const auto source = open_capture(path).value();
    EXPECT_TRUE(source->live());
    RawFrame frame;
    EXPECT_EQ(source->next(frame, milliseconds(1)), Step::idle);
    const int writer = open(path.c_str(), O_WRONLY);
    ASSERT_EQ(write(writer, kPcap.data(), 30), 30);
    EXPECT_EQ(source->next(frame, milliseconds(1)), Step::idle);
    const std::string rest = kPcap.substr(30);
    ASSERT_EQ(write(writer, rest.data(), rest.size()), ssize_t(rest.size()));
    EXPECT_EQ(source->next(frame, kLong), Step::ready);
    EXPECT_EQ(frame.number, 1U);
    std::thread leaver([&] { source->cancel(); });
    EXPECT_EQ(source->next(frame, kLong), Step::end);
    leaver.join();
    close(writer);
}

TEST(Captures, APipeWhoseWriterIsGoneEnds) {
    const Folder folder;
    const std::string path = folder / "pipe";
    ASSERT_EQ(mkfifo(path.c_str(), 0600), 0);
    const auto source = open_capture(path).value();
    const int writer = open(path.c_str(), O_WRONLY);
    ASSERT_EQ(write(writer, kPcap.data(), kPcap.size()), ssize_t(kPcap.size()));
    close(writer);
    RawFrame frame;
    EXPECT_EQ(source->next(frame, kLong), Step::ready);
    EXPECT_EQ(source->next(frame, kLong), Step::end);
}

/// What comes after all that is not yet there.
Step next_heard(FrameSource& source, RawFrame& frame) {
    Step step = Step::idle;
    while (step == Step::idle) step = source.next(frame, kLong);
    return step;
}

/// A writer, once the source reads again.
int writer_to(const std::string& path, FrameSource& source) {
    RawFrame frame;
    while (true) {
        EXPECT_EQ(source.next(frame, milliseconds(10)), Step::idle);
        const int writer = open(path.c_str(), O_WRONLY | O_NONBLOCK);
        if (writer >= 0) return writer;
    }
}

TEST(Captures, AStreamsWritersComeAndGo) {
    const Folder folder;
    const std::string path = folder / "pipe";
    ASSERT_EQ(mkfifo(path.c_str(), 0600), 0);
    const auto source = open_capture_stream(path).value();
    RawFrame frame;
    EXPECT_TRUE(source->live());
    // The second ends within a record.
    for (const auto& text : {kPcap, kPcap + kPcap.substr(24, 7), kPcap}) {
        const int writer = writer_to(path, *source);
        ASSERT_EQ(write(writer, text.data(), text.size()), ssize_t(text.size()));
        close(writer);
        EXPECT_EQ(next_heard(*source, frame), Step::ready);
        EXPECT_EQ(frame.bytes.size(), 3U);
        EXPECT_EQ(source->next(frame, kLong), Step::idle);  // It has gone.
    }
    std::thread leaver([&] { source->cancel(); });
    EXPECT_EQ(next_heard(*source, frame), Step::end);
    leaver.join();
}

TEST(Captures, AStreamOfSomethingElseIsLeftAndLookedAtAgain) {
    const Folder folder;
    const std::string path = folder / "pipe";
    ASSERT_EQ(mkfifo(path.c_str(), 0600), 0);
    const auto source = open_capture_stream(path).value();
    RawFrame frame;
    const int letter = writer_to(path, *source);
    ASSERT_EQ(write(letter, "Dear sir or madam, ...", 22), 22);
    EXPECT_EQ(source->next(frame, kLong), Step::idle);
    EXPECT_EQ(open(path.c_str(), O_WRONLY | O_NONBLOCK), -1);  // Nobody reads now.
    close(letter);
    const int writer = writer_to(path, *source);
    ASSERT_EQ(write(writer, kPcap.data(), kPcap.size()), ssize_t(kPcap.size()));
    EXPECT_EQ(next_heard(*source, frame), Step::ready);
    close(writer);
}

TEST(Captures, AFileIsNoStream) {
    const Folder folder;
    EXPECT_EQ(open_capture_stream(folder.file("a", kPcap)).error().code, "not_a_stream");
    EXPECT_EQ(open_capture_stream("/dev/null").error().code, "not_a_stream");
    EXPECT_EQ(open_capture_stream(folder / "none").error().code, "unreadable");
}

TEST(Fixes, AFilesFormIsToldByItsBeginning) {
    const Folder folder;
    const auto first = [&](std::string_view content) {
        const auto source = open_fixes(folder.file("x", content)).value();
        Fix fix;
        const Step step = source->next(fix, kLong);
        EXPECT_EQ(step, Step::ready) << content;
        if (step == Step::ready) {
            EXPECT_EQ(source->counts().fixes, 1U);
            EXPECT_EQ(source->next(fix, kLong), Step::end);
        }
        return to_iso8601(fix.at);
    };
    const std::string nmea =
        "$GPRMC,161448.29,A,3743.25986,N,12228.33832,W,15.21,2.14,020818,,,A*7B\r\n";
    EXPECT_EQ(first(nmea), "2018-08-02T16:14:48.290000Z");
    EXPECT_EQ(first("43.25986,N*00\r\n" + nmea), "2018-08-02T16:14:48.290000Z");
    EXPECT_EQ(first("# a log\n" + nmea), "2018-08-02T16:14:48.290000Z");
    EXPECT_EQ(first("lat,lon,time\n1,2,1787304601"), "2026-08-21T09:30:01.000000Z");
    EXPECT_EQ(
        first(R"(<gpx><trkpt lat="1" lon="2"><time>2026-08-21T09:30:01Z</time></trkpt></gpx>)"),
        "2026-08-21T09:30:01.000000Z");
    EXPECT_EQ(
        first(R"({"class":"TPV","mode":2,"time":"2026-08-21T09:30:01Z","lat":1,"lon":2})"),
        "2026-08-21T09:30:01.000000Z");
}

TEST(Fixes, WhatIsWrongWithAFileIsSaid) {
    const Folder folder;
    const auto source = open_fixes(folder.file("x", "<html></html>")).value();
    Fix fix;
    EXPECT_EQ(source->next(fix, kLong), Step::failed);
    EXPECT_EQ(source->failure().code, "not_gpx");
    EXPECT_EQ(open_fixes("/dev/null@1234").error().code, "unreadable");
    EXPECT_EQ(open_fixes(folder / "none").error().code, "unreadable");
}

/// A daemon that says one thing to each that comes, and hangs up.
class Daemon {
  public:
    Daemon() : listener_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        VERIFY(bind(listener_, reinterpret_cast<sockaddr*>(&address), size) == 0);
        VERIFY(listen(listener_, 4) == 0);
        getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
        port_ = ntohs(address.sin_port);
    }
    ~Daemon() { close(listener_); }
    std::uint16_t port() const { return port_; }
    /// What the next to come asks.
    std::string serve(std::string_view answer) const {
        const int peer = accept(listener_, nullptr, nullptr);
        std::array<char, 256> asked{};
        const ssize_t size = recv(peer, asked.data(), asked.size(), 0);
        send(peer, answer.data(), answer.size(), MSG_NOSIGNAL);
        close(peer);
        return {asked.data(), static_cast<std::size_t>(size)};
    }

  private:
    int listener_;
    std::uint16_t port_ = 0;
};

TEST(Gpsd, ItIsAskedAgainWhenItWasGone) {
    const Daemon daemon;
    std::string asked;
    std::thread server([&] {
        asked =
            daemon.serve(R"({"class":"TPV","mode":3,"time":"2026-08-21T09:30:01Z","lat":1,"lon":2})"
                         "\n{\"class\":\"TPV\",\"mode\":3,\"ti");
        daemon.serve(R"({"class":"TPV","mode":3,"time":"2026-08-21T09:30:02Z","lat":1,"lon":2})"
                     "\n");
    });
    GpsdSource source({.host = "127.0.0.1", .port = daemon.port()});
    std::vector<std::string> times;
    Fix fix;
    while (times.size() < 2) {
        const Step step = source.next(fix, kLong);
        ASSERT_TRUE(step == Step::ready || step == Step::idle);
        if (step == Step::ready) times.push_back(to_iso8601(fix.at));
    }
    server.join();
    EXPECT_EQ(asked, "?WATCH={\"enable\":true,\"json\":true};\n");
    EXPECT_EQ(
        times,
        (std::vector<std::string>{"2026-08-21T09:30:01.000000Z", "2026-08-21T09:30:02.000000Z"}));
    EXPECT_EQ(source.counts().of(FixDrop::garbage), 1U);
    source.cancel();
    EXPECT_EQ(source.next(fix, kLong), Step::end);
}

TEST(Gpsd, WhereThereIsNoneItSaysSoAndGoesOn) {
    std::uint16_t port = 0;
    {
        const Daemon gone;
        port = gone.port();
    }
    GpsdSource source({.host = "127.0.0.1", .port = port});
    Fix fix;
    EXPECT_EQ(source.next(fix, milliseconds(10)), Step::idle);
    EXPECT_EQ(source.trouble(), "Connection refused");
    EXPECT_EQ(source.next(fix, milliseconds(10)), Step::idle);
}

TEST(Radio, WhatCannotBeOpenedIsRefusedWithAReason) {
    RadioOptions options;
    options.interface = "nosuch0";
    EXPECT_EQ(open_radio(options).error().code, "no_interface");
    // The loopback is no radio, if one may look at it at all.
    options.interface = "lo";
    const auto code = open_radio(options).error().code;
    EXPECT_TRUE(code == "not_a_radio" || code == "not_permitted") << code;
    EXPECT_EQ(Hopper::open("nosuch0", {1}).error().code, "no_interface");
    EXPECT_EQ(Hopper::open("lo", {1, 15}).error().code, "no_channel");
}

TEST(Radio, ATuneRequestIsAsTheKernelWantsIt) {
    EXPECT_EQ(
        tune_request(0x1C, 7, 3, 2437),
        octets("2c000000 1c00 0500 07000000 00000000 02 01 0000"
               "0800 0300 03000000 0800 2600 85090000 0800 2700 00000000"));
    EXPECT_EQ(netlink_error(octets("24000000 0200 0000 07000000 00000000 ffffffff")), 1);
    EXPECT_EQ(netlink_error(octets("24000000 0200 0000 07000000 00000000 00000000")), 0);
    EXPECT_EQ(netlink_error(octets("24000000 1c00 0000 07000000 00000000 00000000")), std::nullopt);
    EXPECT_EQ(frequency_of(14), 2484U);
    EXPECT_EQ(frequency_of(149), 5745U);
    EXPECT_EQ(frequency_of(20), 0U);
}

TEST(Bluetooth, WhatCannotBeOpenedIsRefusedWithAReason) {
    const SystemClock clock;
    EXPECT_EQ(open_bluetooth("wlan0", clock).error().code, "no_interface");
    const auto scan = open_bluetooth("hci255", clock);
    const auto code = scan.error().code;
    EXPECT_TRUE(code == "no_bluetooth" || code == "no_interface" || code == "not_permitted")
        << code;
}

/// A controller at the other end of a socket: answers commands with a status, by their number.
class Controller {
  public:
    explicit Controller(std::map<std::uint16_t, std::uint8_t> answers)
        : answers_(std::move(answers)) {
        VERIFY(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, sockets_.data()) == 0);
        thread_ = std::thread([this] { run(); });
    }
    /// What it was told, once the host has hung up.
    std::vector<std::vector<std::uint8_t>> told() {
        thread_.join();
        return told_;
    }
    int host() const { return sockets_[0]; }
    void send(const std::vector<std::uint8_t>& packet) const {
        VERIFY(::send(sockets_[1], packet.data(), packet.size(), 0) > 0);
    }
    ~Controller() {
        if (thread_.joinable()) thread_.join();
        close(sockets_[1]);
    }

  private:
    void run() {
        std::array<std::uint8_t, 300> packet{};
        while (true) {
            const ssize_t size = recv(sockets_[1], packet.data(), packet.size(), 0);
            if (size <= 0) return;
            told_.emplace_back(packet.begin(), packet.begin() + size);
            const auto opcode = static_cast<std::uint16_t>(packet[1] | packet[2] << 8);
            send({0x04, 0x0E, 4, 1, packet[1], packet[2], answers_[opcode]});
        }
    }
    std::map<std::uint16_t, std::uint8_t> answers_;
    std::array<int, 2> sockets_{};
    std::vector<std::vector<std::uint8_t>> told_;
    std::thread thread_;
};

TEST(Bluetooth, AnExtendedScanIsBegunAndEnded) {
    const ManualClock clock(Instant(std::chrono::seconds(1'787'304'601)));
    Controller controller({});
    {
        BluetoothScan scan(controller.host(), clock);
        ASSERT_TRUE(scan.start());
        RawFrame frame;
        EXPECT_EQ(scan.next(frame, milliseconds(1)), Step::idle);
        controller.send(octets("04 3e 02 0d 00"));
        EXPECT_EQ(scan.next(frame, kLong), Step::ready);
        EXPECT_EQ(frame.link, LinkType::hci_h4);
        EXPECT_EQ(frame.at, clock.now());
        EXPECT_EQ(frame.bytes.size(), 5U);
    }
    EXPECT_EQ(
        controller.told(),
        (std::vector{
            octets("01 4220 06 00 00 0000 0000"), octets("01 4120 08 00 00 01 00 1000 1000"),
            octets("01 4220 06 01 00 0000 0000"), octets("01 4220 06 00 00 0000 0000")}));
}

TEST(Bluetooth, AnOldControllerScansAsItCan) {
    const SystemClock clock;
    Controller controller({{0x2041, 1}, {0x2042, 1}});
    {
        BluetoothScan scan(controller.host(), clock);
        ASSERT_TRUE(scan.start());
    }
    const auto told = controller.told();
    ASSERT_EQ(told.size(), 6U);
    EXPECT_EQ(told[3], octets("01 0b20 07 00 1000 1000 00 00"));
    EXPECT_EQ(told[4], octets("01 0c20 02 01 00"));
    EXPECT_EQ(told[5], octets("01 0c20 02 00 00"));
}

TEST(Bluetooth, AControllerThatRefusesIsReported) {
    const SystemClock clock;
    Controller controller({{0x2042, 0x0C}});
    BluetoothScan scan(controller.host(), clock);
    EXPECT_EQ(scan.start().error().code, "scan_refused");
}

}  // namespace
}  // namespace mobilytics::sensor
