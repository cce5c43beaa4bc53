#pragma once
// Small files that must be whole or not there, and be read by nobody else: keys, certificates,
// state.

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "foundation/secret.h"

namespace mobilytics::crypto {

enum class Readable { by_owner, by_all };

/// Writes beside it, syncs, renames, syncs the folder: after a power cut it is the old or the new
/// one. Throws std::system_error.
void write_file(const std::filesystem::path& path, std::string_view content, Readable readable);
/// None where there is no such file. Throws std::system_error for one that cannot be read.
std::optional<std::string> read_file(const std::filesystem::path& path);

/// 64 hexadecimal digits, of a file of any size. Throws std::system_error for one that cannot be
/// read.
std::string sha256_of_file(const std::filesystem::path& path);

/// Seals what must not be read from a database alone: XChaCha20-Poly1305 with a key that is a file,
/// made at the first use and readable by its owner only. For any thread.
class SealedBox {
  public:
    explicit SealedBox(const std::filesystem::path& key_file);

    /// Hexadecimal. `about` is bound to it: it opens with the same only.
    std::string seal(const Secret<std::string>& plain, std::string_view about) const;
    /// None for what was not sealed with this key and `about`.
    std::optional<Secret<std::string>> open(std::string_view sealed, std::string_view about) const;

  private:
    Secret<std::string> key_;
};

}  // namespace mobilytics::crypto
