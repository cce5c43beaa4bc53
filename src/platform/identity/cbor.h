#pragma once
// CBOR as authenticators write it (RFC 8949, CTAP 2.1's canonical form), read strictly: definite
// and shortest lengths, no tags, no duplicate keys, keys that are numbers or texts. For this
// folder.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "foundation/result.h"

namespace mobilytics::identity {

struct Cbor {
    enum class Kind { integer, bytes, text, list, map, boolean, nothing, real };
    Kind kind = Kind::nothing;
    std::int64_t integer = 0;      // Of a boolean: 0 or 1. Of a real nothing: nobody asks.
    std::string bytes = {};        // Of bytes and texts.
    std::vector<Cbor> items = {};  // Of a list; of a map key, value, key, value, …

    /// The value of a map under that key; null, where there is none or it is of another kind.
    const Cbor* find(std::int64_t key, Kind wanted) const;
    const Cbor* find(std::string_view key, Kind wanted) const;
};

/// The first value in `bytes`, and of how many bytes it is. invalid `bad_cbor`.
struct CborPart {
    Cbor value;
    std::size_t size;
};
Result<CborPart> read_cbor_part(std::string_view bytes);
/// The value that all of `bytes` is. invalid `bad_cbor`.
Result<Cbor> read_cbor(std::string_view bytes);

}  // namespace mobilytics::identity
