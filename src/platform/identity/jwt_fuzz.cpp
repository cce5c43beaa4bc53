// Whatever is called a token or a set of keys, it is read or refused; and none that nobody signed
// is taken.

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "platform/identity/jwt.h"

namespace mobilytics::identity {
namespace {

constexpr std::string_view kKeys =
    R"({"keys":[{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"},)"
    R"({"kty":"EC","crv":"P-256","kid":"a","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",)"
    R"("y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}]})";

void read_all(std::string_view bytes) {
    static const auto keys = Jwks::parse(kKeys).value();
    static const JwtRules rules{.issuer = "i", .audience = "a", .types = {"", "JWT"}};
    const auto claims = verify_jwt(bytes, keys, rules, Instant{});
    VERIFY(!claims && claims.error().kind == ErrorKind::unauthenticated);
    if (const auto theirs = Jwks::parse(bytes)) {
        const auto again = Jwks::parse(theirs->text());
        VERIFY(again && again->text() == theirs->text());
    }
}

}  // namespace
}  // namespace mobilytics::identity

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    mobilytics::identity::read_all({reinterpret_cast<const char*>(data), size});
    return 0;
}
