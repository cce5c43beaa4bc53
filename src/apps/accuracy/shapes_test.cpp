// Folders as others have them: what can be read is, what cannot is named.

#include <set>

#include <gmock/gmock.h>

#include "apps/accuracy/captures_test.h"
#include "apps/accuracy/perturbed.h"

namespace mobilytics::accuracy {
namespace {

using testing::HasSubstr;

TEST_F(Folder, OfCapturesMayBeOfAnyKindOneBesideAnother) {
    write("set/phone/a.pcap", pcap_of(127, {radiotap(probe_request(true), -61)}));
    write("set/phone/b.pcap", pcap_of(127, {radiotap(probe_request(true), 0)}));
    write("set/phone/deep/er/c.pcapng", pcapng_of(127, {radiotap(probe_request(true), -47)}));
    write("set/other/d.pcapng", pcapng_of(105, {probe_request(false), probe_request(true)}));
    const auto devices = labelled_captures(path_, notes_);
    ASSERT_TRUE(devices);
    ASSERT_EQ(devices->at("phone").size(), 3U);
    EXPECT_EQ(devices->at("phone")[0].front().rssi_dbm, -61);
    EXPECT_EQ(devices->at("phone")[1].front().rssi_dbm, 0);  // Not known.
    EXPECT_EQ(devices->at("phone")[2].front().rssi_dbm, -47);
    ASSERT_EQ(devices->at("other").size(), 1U);
    EXPECT_EQ(devices->at("other")[0][1].at_ms - devices->at("other")[0][0].at_ms, 100);
    EXPECT_TRUE(notes_.empty());
}

TEST_F(Folder, OfSingleFramesIsCounted) {
    // Captures of less than a second, and of one frame.
    write("one/a.pcap", pcap_of(105, {probe_request(false)}));
    write("two/a.pcapng", pcapng_of(105, {probe_request(false), probe_request(false)}));
    write("three/a.pcap", pcap_of(105, {probe_request(false)}));
    const auto devices = labelled_captures(path_, notes_);
    ASSERT_TRUE(devices);
    const auto figures = evaluate_devices("captures", *devices, 1);
    ASSERT_TRUE(figures);
    EXPECT_EQ(figures->front().n, 60U);
    // Three of one model, once heard each: they cannot all be told apart, and none is invented.
    EXPECT_LT(figures->front().value, 80);
}

TEST_F(Folder, OfADeviceThatIsBrokenDoesNotSpoilTheOthers) {
    write("one/a.pcap", pcap_of(105, {probe_request(false)}));
    write("two/a.pcap", pcap_of(105, {probe_request(false)}));
    Octets cut = pcapng_of(105, {probe_request(false), probe_request(false)});
    cut.resize(cut.size() - 5);
    write("three/a.pcapng", cut);
    write("four/a.pcap", pcap_of(9, {probe_request(false)}));  // Of a serial line.
    Octets head = pcap_of(105, {});
    head.resize(12);
    write("five/a.pcap", head);
    const auto devices = labelled_captures(path_, notes_);
    ASSERT_TRUE(devices);
    EXPECT_EQ(devices->size(), 3U);
    EXPECT_EQ(devices->at("three").front().size(), 1U);
    EXPECT_THAT(notes_, testing::Contains(HasSubstr("three/a.pcapng")));
    EXPECT_THAT(notes_, testing::Contains(HasSubstr("four/a.pcap")));
    EXPECT_THAT(notes_, testing::Contains(HasSubstr("five/a.pcap")));
    EXPECT_EQ(notes_.size(), 4U);  // The last gives two: it is cut, and nothing is in it.
}

TEST_F(Folder, OfOneDeviceSaysThatNothingCanBeMixed) {
    write("set/one/a.pcap", pcap_of(105, {probe_request(false)}));
    const auto devices = labelled_captures(path_, notes_);
    ASSERT_TRUE(devices);
    EXPECT_EQ(evaluate_devices("captures", *devices, 1).error().code, "one_device");
}

TEST_F(Folder, OfTablesMayHaveOtherColumnsInAnotherOrder) {
    write(
        "a.csv",
        "Label,Unknown,Supported Rates,RSSI,MAC Address,Sequence Number,Timestamp\n"
        "phone,\"x,y\",02040b16,-55,02:01:02:03:04:05,291,1700000000.5\n"
        "phone,,zz,-55,02:01:02:03:04:05,291,1700000000.6\n"
        "phone,,02040b16,much,02:01:02:03:04:05,9999,1700000000.7\n"
        "phone,,02040b16\n");
    write(
        "b.csv",
        "Timestamp;MAC Address;Supported Rates;Label\n1700000000.5;020102030406;0204;other\n");
    const auto devices = labelled_tables(path_, notes_);
    ASSERT_TRUE(devices);
    ASSERT_EQ(devices->at("phone").front().size(), 2U);
    const Heard& first = devices->at("phone").front()[0];
    EXPECT_EQ(first.rssi_dbm, -55);
    EXPECT_EQ(first.sequence, 291);
    const Heard& second = devices->at("phone").front()[1];
    EXPECT_EQ(second.rssi_dbm, 0);
    EXPECT_EQ(second.sequence, -1);
    EXPECT_EQ(second.coarse, first.coarse);
    EXPECT_EQ(devices->at("other").size(), 1U);
    ASSERT_EQ(notes_.size(), 1U);
    EXPECT_THAT(notes_[0], HasSubstr("a.csv: 2 lines unread"));
}

TEST_F(Folder, OfRoomsMayHaveCommasAndOtherColumns) {
    write(
        "room.csv",
        "rssi,occupancy,extra,src,datetime\n"
        "-60,3,,02:01:02:03:04:05,2024-02-08 10:00:00\n"
        "-61,3,,02:01:02:03:04:05,2024-02-08 10:15:00\n");
    write("lacks.csv", "occupancy,datetime\n3,2024-02-08 10:00:00\n");
    write(
        "nobody.csv", "rssi,occupancy,src,datetime\n-60,,02:01:02:03:04:05,2024-02-08 10:00:00\n");
    const auto rooms = counted_rooms(path_, notes_);
    ASSERT_TRUE(rooms);
    ASSERT_EQ(rooms->size(), 1U);
    EXPECT_EQ(rooms->front().heard.size(), 2U);
    EXPECT_EQ(rooms->front().people.begin()->second, 3);
    EXPECT_THAT(notes_, testing::Contains(HasSubstr("lacks.csv lacks one of the columns")));
    EXPECT_THAT(notes_, testing::Contains(HasSubstr("nobody.csv has no line with people")));
}

Rows phone(int bursts) {
    Rows out;
    for (int burst = 0; burst < bursts; ++burst) {
        for (int frame = 0; frame < 4; ++frame) {
            Heard heard;
            heard.at_ms = burst * 60'000 + frame * 20;
            heard.pseudonym = static_cast<std::uint64_t>(burst);
            heard.coarse = heard.fine = 5;
            heard.sequence = static_cast<std::int16_t>(burst * 9 + frame);
            heard.rssi_dbm = -60;
            out.push_back(heard);
        }
    }
    return out;
}

template <class Field>
std::size_t different(const Rows& rows, Field field) {
    std::set<std::int64_t> seen;
    for (const Heard& heard : rows) seen.insert(static_cast<std::int64_t>(heard.*field));
    return seen.size();
}

TEST(Perturbed, CapturesLoseWhatTheyAreSaidToLose) {
    Chance chance{1};
    Rows rows = phone(500);
    with_loss(0.3)(rows, "a", chance);
    EXPECT_NEAR(static_cast<double>(rows.size()), 1'400, 60);
    rows = phone(20);
    both(without_numbers(), without_strength())(rows, "a", chance);
    EXPECT_EQ(rows[7].sequence, -1);
    EXPECT_EQ(rows[7].rssi_dbm, 0);
    rows = phone(20);
    with_jitter(50)(rows, "a", chance);
    EXPECT_TRUE(std::ranges::is_sorted(rows, {}, &Heard::at_ms));
    EXPECT_NE(rows, phone(20));
    rows = phone(200);
    with_varying_octets(1, false)(rows, "a", chance);
    EXPECT_GT(different(rows, &Heard::fine), 40U);
    EXPECT_LE(different(rows, &Heard::fine), 55U);
    EXPECT_EQ(rows[0].fine, rows[3].fine);
    EXPECT_EQ(different(rows, &Heard::coarse), 1U);
    std::set<std::size_t> lists;
    for (const char* name : {"a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l"}) {
        rows = phone(50);
        with_several_lists(true)(rows, name, chance);
        lists.insert(different(rows, &Heard::coarse));
    }
    EXPECT_EQ(lists, (std::set<std::size_t>{1, 2, 3}));
}

}  // namespace
}  // namespace mobilytics::accuracy
