#include "platform/identity/authenticator_data.h"

#include "platform/identity/cbor.h"

namespace mobilytics::identity {

namespace {

constexpr std::size_t kDigestBytes = 32;
constexpr std::size_t kHeadBytes = kDigestBytes + 1 + 4;
constexpr std::size_t kAaguidBytes = 16;
constexpr std::size_t kIdBytesMin = 16;
constexpr std::size_t kIdBytesMax = 1023;

enum Flag : unsigned {
    flag_present = 0x01,
    flag_verified = 0x04,
    flag_backup_eligible = 0x08,
    flag_backed_up = 0x10,
    flag_credential = 0x40,
    flag_extensions = 0x80,
};

tl::unexpected<Error> bad() {
    return fail(ErrorKind::invalid, "bad_authenticator_data", "this is no authenticator's data");
}

std::uint32_t number(std::string_view bytes) {
    std::uint32_t out = 0;
    for (const char c : bytes) out = out << 8 | static_cast<unsigned char>(c);
    return out;
}

Result<AuthenticatorData::Credential> take_credential(std::string_view& rest) {
    if (rest.size() < kAaguidBytes + 2) return bad();
    const std::size_t size = number(rest.substr(kAaguidBytes, 2));
    if (size < kIdBytesMin || size > kIdBytesMax) return bad();
    AuthenticatorData::Credential out;
    out.aaguid = rest.substr(0, kAaguidBytes);
    rest.remove_prefix(kAaguidBytes + 2);
    if (rest.size() < size) return bad();
    out.id = rest.substr(0, size);
    rest.remove_prefix(size);
    const auto key = read_cbor_part(rest);
    if (!key || key->value.kind != Cbor::Kind::map) return bad();
    out.public_key = rest.substr(0, key->size);
    rest.remove_prefix(key->size);
    return out;
}

}  // namespace

Result<AuthenticatorData> read_authenticator_data(std::string_view bytes) {
    if (bytes.size() < kHeadBytes) return bad();
    const auto flags = static_cast<unsigned char>(bytes[kDigestBytes]);
    AuthenticatorData out{
        .party_digest = std::string(bytes.substr(0, kDigestBytes)),
        .user_present = (flags & flag_present) != 0,
        .user_verified = (flags & flag_verified) != 0,
        .backup_eligible = (flags & flag_backup_eligible) != 0,
        .backed_up = (flags & flag_backed_up) != 0,
        .sign_count = number(bytes.substr(kDigestBytes + 1, 4)),
        .credential = {}};
    if (out.backed_up && !out.backup_eligible) return bad();
    auto rest = bytes.substr(kHeadBytes);
    if ((flags & flag_credential) != 0) {
        TRY(out.credential, take_credential(rest));
    }
    if ((flags & flag_extensions) != 0) {
        const auto extensions = read_cbor_part(rest);
        if (!extensions || extensions->value.kind != Cbor::Kind::map) return bad();
        rest.remove_prefix(extensions->size);
    }
    if (!rest.empty()) return bad();
    return out;
}

Result<Attestation> read_attestation(std::string_view bytes) {
    const auto read = read_cbor(bytes);
    const auto* form = read ? read->find("fmt", Cbor::Kind::text) : nullptr;
    const auto* statement = read ? read->find("attStmt", Cbor::Kind::map) : nullptr;
    const auto* data = read ? read->find("authData", Cbor::Kind::bytes) : nullptr;
    if (form == nullptr || statement == nullptr || data == nullptr) {
        return fail(ErrorKind::invalid, "bad_attestation", "this is no attestation");
    }
    if (form->bytes == "none" && statement->items.empty()) {
        return Attestation{.authenticator_data = data->bytes};
    }
    const auto* algorithm = statement->find("alg", Cbor::Kind::integer);
    const auto* signature = statement->find("sig", Cbor::Kind::bytes);
    // With more than these two it is signed by the maker's key.
    if (form->bytes != "packed" || algorithm == nullptr || signature == nullptr ||
        statement->items.size() != 4) {
        return fail(
            ErrorKind::invalid, "attestation_not_accepted",
            "only passkeys without attestation, or with their own, are taken");
    }
    return Attestation{
        .form = Attestation::Form::packed_by_itself,
        .algorithm = algorithm->integer,
        .signature = signature->bytes,
        .authenticator_data = data->bytes};
}

}  // namespace mobilytics::identity
