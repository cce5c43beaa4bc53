#include "apps/sensor/commands.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include "apps/sensor/arguments.h"
#include "apps/sensor/settings.h"
#include "platform/crypto/files.h"

namespace mobilytics::sensor {
namespace {

namespace fs = std::filesystem;

TEST(Arguments, AreReadInAnyOrder) {
    const auto read = Arguments::parse(
        {"--pcap", "a", "b", "--speed=60", "--keep-time", "--pcap", "c"},
        {{"--pcap", Takes::values}, {"--speed"}, {"--keep-time", Takes::nothing}});
    ASSERT_TRUE(read);
    EXPECT_EQ(read->values("--pcap"), (std::vector<std::string>{"a", "b", "c"}));
    EXPECT_EQ(read->value("--speed"), "60");
    EXPECT_TRUE(read->has("--keep-time"));
    EXPECT_FALSE(read->has("--other"));
}

TEST(Arguments, ThatAreNotKnownAreRefusedWithTheNearest) {
    const std::vector<Option> known{{"--server"}, {"--quiet", Takes::nothing}};
    const auto why = [&](std::vector<std::string> words) {
        const auto read = Arguments::parse(words, known);
        return read ? "" : read.error().message;
    };
    EXPECT_EQ(why({"--sever", "x"}), "--sever is not known here; did you mean --server?");
    EXPECT_EQ(why({"letter"}), "letter is not known here");
    EXPECT_EQ(why({"--server"}), "--server needs a value");
    EXPECT_EQ(why({"--server", "--quiet"}), "--server needs a value");
    EXPECT_EQ(why({"--quiet=yes"}), "--quiet takes no value");
    EXPECT_EQ(why({"--server", "a", "--server", "b"}), "--server is given more than once");
}

TEST(Channels, AreNumbersWithCommas) {
    EXPECT_EQ(*parse_channels("1,6,11"), (std::vector<std::uint8_t>{1, 6, 11}));
    EXPECT_TRUE(parse_channels("")->empty());
    for (const char* bad : {"1,,6", "x", "0", "300", "1;6"})
        EXPECT_FALSE(parse_channels(bad)) << bad;
}

/// What a command prints, and its exit code.
struct Done {
    int code;
    std::string out, complaint;
};

Done run(const std::vector<std::string>& words) {
    testing::internal::CaptureStdout();
    testing::internal::CaptureStderr();
    const int code = run_command(words);
    return {code, testing::internal::GetCapturedStdout(), testing::internal::GetCapturedStderr()};
}

class CommandTest : public testing::Test {
  protected:
    CommandTest() { fs::create_directories(folder); }
    ~CommandTest() override { fs::remove_all(folder); }
    std::string file(const std::string& name, const std::string& content) {
        crypto::write_file(folder / name, content, crypto::Readable::by_all);
        return (folder / name).string();
    }
    const fs::path folder =
        fs::temp_directory_path() / ("mobilytics_command_" + std::to_string(getpid()));
    const std::string state = (folder / "state").string();
};

TEST_F(CommandTest, HelpsAndNamesItself) {
    EXPECT_EQ(run({"--version"}).out, "mobilytics-sensor " MOBILYTICS_VERSION "\n");
    EXPECT_EQ(run({"--help"}).code, kDone);
    EXPECT_NE(run({"run", "--help"}).out.find("--interface"), std::string::npos);
    EXPECT_EQ(run({}).code, kUsage);
    EXPECT_EQ(run({"fly"}).code, kUsage);
    EXPECT_EQ(run({"run", "--fly"}).code, kUsage);
}

TEST_F(CommandTest, SaysThatItHasNotJoined) {
    EXPECT_EQ(run({"run", "--state", state, "--interface", "wlan9"}).code, kNotEnrolled);
    EXPECT_EQ(run({"status", "--state", state}).code, kNotEnrolled);
    const auto status = run({"status", "--state", state, "--json"});
    EXPECT_EQ(status.out, "{\"enrolled\":false,\"why\":\"not_enrolled\"}\n");
}

TEST_F(CommandTest, RefusesWhatCannotBe) {
    EXPECT_EQ(run({"enroll", "--state", state}).code, kUsage);
    EXPECT_EQ(
        run({"enroll", "--state", state, "--server", "http://127.0.0.1:1", "--claim", "x"}).code,
        kUsage);
    EXPECT_EQ(
        run({"enroll", "--state", state, "--server", "http://127.0.0.1:1", "--claim",
             "0123456789ABCDEFGHJK"})
            .code,
        kEnrolmentRefused);
    EXPECT_EQ(run({"replay", "--state", state}).code, kUsage);
    EXPECT_EQ(run({"replay", "--state", state, "--pcap", "x", "--speed", "-1"}).code, kUsage);
    EXPECT_EQ(run({"replay", "--state", state, "--pcap", "/no/such/file"}).code, kNoSource);
    const auto letter = file("letter.pcap", "Dear sir or madam");
    EXPECT_EQ(run({"replay", "--state", state, "--pcap", letter}).code, kNoSource);
}

TEST_F(CommandTest, RefusesSettingsThatItDoesNotKnow) {
    const auto good = file("good.toml", "[radio]\ninterface = \"wlan1\"\nchannels = \"1,6\"\n");
    const auto printed = run({"run", "--config", good, "--print-config"});
    EXPECT_EQ(printed.code, kDone);
    EXPECT_NE(printed.out.find("\"wlan1\""), std::string::npos);
    const auto bad = file("bad.toml", "[radio]\ninterfaze = \"wlan1\"\n");
    const auto refused = run({"run", "--config", bad, "--state", state});
    EXPECT_EQ(refused.code, kUsage);
    EXPECT_NE(refused.complaint.find("interfaze"), std::string::npos);
    EXPECT_EQ(run({"run", "--config", (folder / "none.toml").string()}).code, kUsage);
}

TEST_F(CommandTest, SaysWhoItIsAndWhatWaits) {
    Identity identity;
    identity.device = DeviceId::from_bytes({1});
    identity.company = CompanyId::from_bytes({2});
    identity.mqtt_url = "mqtts://127.0.0.1:8883";
    identity.https_url = "https://127.0.0.1:8443";
    identity.time_zone = "America/Chicago";
    fs::create_directories(state);
    save_identity(state, identity);
    {
        const Moment now{Instant(std::chrono::seconds(1'787'000'000)), 1, wire::ClockState::ntp};
        DiskIo io(fs::path(state) / "spool");
        Spool spool(io, {}, now);
        spool.append("a report", now);
        spool.append("another", now);
        spool.close(now);
    }
    const auto status = run({"status", "--state", state, "--json"});
    EXPECT_EQ(status.code, kDone);
    const auto json = boost::json::parse(status.out).as_object();
    EXPECT_EQ(json.at("device").as_string(), identity.device.str());
    EXPECT_EQ(json.at("reports_waiting").as_int64(), 2);
    EXPECT_EQ(json.at("starts").as_int64(), 1);
    EXPECT_EQ(json.at("oldest_waiting").as_string(), "2026-08-17T20:53:20.000000Z");
    EXPECT_EQ(run({"run", "--state", state}).code, kNoSource);  // It has joined, but hears nothing.
}

}  // namespace
}  // namespace mobilytics::sensor
