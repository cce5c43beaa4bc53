#pragma once
// The secret that addresses are hashed with, for one local day. Kept in memory only: no file and no
// log ever has it.

#include <memory>
#include <string>

#include "foundation/secret.h"
#include "pipeline/wire/wire.h"

namespace mobilytics::sensor {

struct Salt {
    wire::SaltEpoch epoch{};
    wire::SaltMode mode = wire::SaltMode::strict;
    Secret<std::string> key;  // 32 bytes.
};
using SaltPointer = std::shared_ptr<const Salt>;

/// A salt of our own, made of chance, for a day or for what is left of it.
SaltPointer make_strict_salt();

}  // namespace mobilytics::sensor
