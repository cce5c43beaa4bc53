#include "platform/crypto/files.h"

#include <cerrno>
#include <fstream>
#include <iterator>
#include <system_error>
#include <vector>

#include <fcntl.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

#include "foundation/result.h"
#include "platform/crypto/digest.h"

namespace mobilytics::crypto {

namespace fs = std::filesystem;

namespace {

[[noreturn]] void refuse(const fs::path& path, const char* deed) {
    throw std::system_error(errno, std::generic_category(), std::string(deed) + path.string());
}

class File {
  public:
    File(const fs::path& path, int flags, mode_t mode)
        : number_(::open(path.c_str(), flags, mode)) {
        if (number_ < 0) refuse(path, "cannot open ");
    }
    ~File() { ::close(number_); }
    File(const File&) = delete;
    File& operator=(const File&) = delete;
    int number() const { return number_; }

  private:
    int number_;
};

const unsigned char* bytes_of(std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}

}  // namespace

void write_file(const fs::path& path, std::string_view content, Readable readable) {
    const fs::path beside = path.string() + ".new";
    {
        const mode_t mode = readable == Readable::by_all ? 0644 : 0600;
        const File file(beside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode);
        if (::fchmod(file.number(), mode) != 0) refuse(beside, "cannot protect ");
        while (!content.empty()) {
            const auto written = ::write(file.number(), content.data(), content.size());
            if (written < 0) refuse(beside, "cannot write ");
            content.remove_prefix(static_cast<std::size_t>(written));
        }
        if (::fsync(file.number()) != 0) refuse(beside, "cannot sync ");
    }
    if (::rename(beside.c_str(), path.c_str()) != 0) refuse(path, "cannot write ");
    const auto parent = path.has_parent_path() ? path.parent_path() : fs::path(".");
    const File folder(parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
    if (::fsync(folder.number()) != 0) refuse(parent, "cannot sync ");
}

std::optional<std::string> read_file(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    if (!file) {
        if (!fs::exists(path)) return std::nullopt;
        errno = EACCES;
        refuse(path, "cannot read ");
    }
    return std::string{std::istreambuf_iterator<char>(file), {}};
}

std::string sha256_of_file(const fs::path& path) {
    const File file(path, O_RDONLY | O_CLOEXEC, 0);
    crypto_hash_sha256_state state;
    crypto_hash_sha256_init(&state);
    std::vector<unsigned char> piece(std::size_t{1} << 20);
    for (;;) {
        const auto count = ::read(file.number(), piece.data(), piece.size());
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) refuse(path, "cannot read ");
        if (count == 0) break;
        crypto_hash_sha256_update(&state, piece.data(), static_cast<std::size_t>(count));
    }
    Sha256 out{};
    crypto_hash_sha256_final(&state, out.data());
    return to_hex(out);
}

SealedBox::SealedBox(const fs::path& key_file) {
    auto key = read_file(key_file);
    if (!key) {
        key = random_bytes(crypto_aead_xchacha20poly1305_ietf_KEYBYTES);
        write_file(key_file, *key, Readable::by_owner);
    }
    if (key->size() != crypto_aead_xchacha20poly1305_ietf_KEYBYTES) {
        throw std::runtime_error(key_file.string() + " is no key of ours");
    }
    key_ = Secret(*std::move(key));
}

std::string SealedBox::seal(const Secret<std::string>& plain, std::string_view about) const {
    const auto nonce = random_bytes(crypto_aead_xchacha20poly1305_ietf_NPUBBYTES);
    const auto& text = plain.reveal();
    std::string out(text.size() + crypto_aead_xchacha20poly1305_ietf_ABYTES, '\0');
    VERIFY(
        crypto_aead_xchacha20poly1305_ietf_encrypt(
            reinterpret_cast<unsigned char*>(out.data()), nullptr, bytes_of(text), text.size(),
            bytes_of(about), about.size(), nullptr, bytes_of(nonce), bytes_of(key_.reveal())) == 0);
    return to_hex(nonce + out);
}

std::optional<Secret<std::string>> SealedBox::open(
    std::string_view sealed, std::string_view about) const {
    constexpr std::size_t nonce_bytes = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
    constexpr std::size_t more_bytes = nonce_bytes + crypto_aead_xchacha20poly1305_ietf_ABYTES;
    const auto bytes = from_hex(sealed);
    if (!bytes || bytes->size() < more_bytes) return std::nullopt;
    const std::string_view nonce(bytes->data(), nonce_bytes);
    const auto rest = std::string_view(*bytes).substr(nonce_bytes);
    std::string out(bytes->size() - more_bytes, '\0');
    if (crypto_aead_xchacha20poly1305_ietf_decrypt(
            reinterpret_cast<unsigned char*>(out.data()), nullptr, nullptr, bytes_of(rest),
            rest.size(), bytes_of(about), about.size(), bytes_of(nonce),
            bytes_of(key_.reveal())) != 0) {
        return std::nullopt;
    }
    return Secret(std::move(out));
}

}  // namespace mobilytics::crypto
