// Whatever an authenticator sends, it is read or refused; and what is read says the same when it is
// read again.

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "platform/identity/authenticator_data.h"
#include "platform/identity/cbor.h"
#include "platform/identity/public_key.h"

namespace mobilytics::identity {
namespace {

void read_all(std::string_view bytes) {
    if (const auto part = read_cbor_part(bytes)) {
        VERIFY(part->size > 0 && part->size <= bytes.size());
        VERIFY(read_cbor(bytes.substr(0, part->size)).has_value());
    }
    if (const auto key = PublicKey::from_cose(bytes)) {
        const auto again = PublicKey::from_jwk(key->jwk());
        VERIFY(again && again->thumbprint() == key->thumbprint());
        VERIFY(!key->verifies("message", bytes, PublicKey::EcdsaForm::der));
    }
    const auto attestation = read_attestation(bytes);
    const auto data = read_authenticator_data(
        attestation ? std::string_view(attestation->authenticator_data) : bytes);
    if (!data) return;
    VERIFY(data->party_digest.size() == 32);
    VERIFY(data->sign_count >= 0 && data->sign_count <= 0xFFFFFFFF);
    VERIFY(data->backup_eligible || !data->backed_up);
    if (!data->credential) return;
    VERIFY(data->credential->id.size() >= 16 && data->credential->id.size() <= 1023);
    (void)PublicKey::from_cose(data->credential->public_key);
}

}  // namespace
}  // namespace mobilytics::identity

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    mobilytics::identity::read_all({reinterpret_cast<const char*>(data), size});
    return 0;
}
