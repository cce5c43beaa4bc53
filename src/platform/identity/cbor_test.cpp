#include "platform/identity/cbor.h"

#include <gtest/gtest.h>

#include "platform/crypto/digest.h"

namespace mobilytics::identity {
namespace {

Result<Cbor> read(std::string_view hex) { return read_cbor(*crypto::from_hex(hex)); }

TEST(Cbor, ValuesAreThoseOfTheRfc) {
    // RFC 8949, appendix A.
    const std::vector<std::pair<const char*, std::int64_t>> numbers{
        {"00", 0},
        {"17", 23},
        {"1818", 24},
        {"1864", 100},
        {"1903e8", 1000},
        {"1a000f4240", 1'000'000},
        {"1b000000e8d4a51000", 1'000'000'000'000},
        {"20", -1},
        {"3903e7", -1000}};
    for (const auto& [hex, number] : numbers) {
        const auto value = read(hex);
        ASSERT_TRUE(value) << hex;
        EXPECT_EQ(value->kind, Cbor::Kind::integer);
        EXPECT_EQ(value->integer, number);
    }
    EXPECT_EQ(read("4401020304")->bytes, "\x01\x02\x03\x04");
    EXPECT_EQ(read("64f0908591")->bytes, "\xF0\x90\x85\x91");
    EXPECT_EQ(read("83010203")->items.size(), 3U);
    EXPECT_EQ(read("f5")->integer, 1);
    EXPECT_EQ(read("f6")->kind, Cbor::Kind::nothing);
    EXPECT_EQ(read("f93c00")->kind, Cbor::Kind::real);
    const auto map = read("a201020304");
    EXPECT_EQ(map->find(1, Cbor::Kind::integer)->integer, 2);
    EXPECT_EQ(map->find(3, Cbor::Kind::integer)->integer, 4);
    EXPECT_EQ(map->find(3, Cbor::Kind::text), nullptr);
    EXPECT_EQ(map->find("3", Cbor::Kind::integer), nullptr);
    EXPECT_EQ(read("a26161016162820203")->find("b", Cbor::Kind::list)->items.size(), 2U);
}

TEST(Cbor, WhatIsNotCanonicalOrNotWholeIsRefused) {
    for (const char* bad :
         {"",      // Nothing.
          "0000",  // More than one.
          "18",
          "19ff",
          "4401",  // Cut short.
          "1817",
          "190001",
          "1a0000ffff",
          "5801ff",              // Longer than need be.
          "1bffffffffffffffff",  // Beyond 63 bits.
          "9fff",
          "5f4101ff",
          "bfff",
          "ff",  // Of no length that is told.
          "1c",
          "fc",
          "f0",
          "f818",  // Reserved.
          "c001",  // A tag.
          "a201020103",
          "a2616101616102",  // A key twice.
          "a14001",
          "a1f501",  // Keys of other kinds.
          "a101",    // A key without its value.
          "61ff",
          "62c080",
          "63eda080",  // Not UTF-8.
          "9affffffff",
          "baffffffff",
          "5affffffff00",           // Says more than there is.
          "818181818181818100"}) {  // Too deep.
        EXPECT_EQ(read(bad).error().code, "bad_cbor") << bad;
    }
    EXPECT_TRUE(read("8181818181818100"));
}

TEST(Cbor, OfMoreBytesTheFirstValueIsTold) {
    const auto part = read_cbor_part(*crypto::from_hex("a10102ffff"));
    ASSERT_TRUE(part);
    EXPECT_EQ(part->size, 3U);
}

}  // namespace
}  // namespace mobilytics::identity
