// What signing in costs: a password, a code, a token, a passkey.

#include <benchmark/benchmark.h>

#include "platform/crypto/digest.h"
#include "platform/identity/jwt.h"
#include "platform/identity/passkey_test.h"
#include "platform/identity/password_rules.h"
#include "platform/identity/second_factor.h"

namespace mobilytics::identity {
namespace {

const Instant kNow{std::chrono::seconds(1'780'000'000)};
const Secret<std::string> kPassword{std::string("el perro de san roque")};

void verify_password(benchmark::State& state) {
    const auto hash = crypto::hash_password(kPassword);
    for (auto _ : state) benchmark::DoNotOptimize(crypto::verify_password(hash, kPassword));
}
BENCHMARK(verify_password)->Unit(benchmark::kMillisecond);

void check_new_password(benchmark::State& state) {
    const std::vector<std::string> context{"ana@plaza.example", "Plaza Exteriores"};
    for (auto _ : state) benchmark::DoNotOptimize(check_password(kPassword, {}, context));
}
BENCHMARK(check_new_password);

void check_totp_code(benchmark::State& state) {
    const auto secret = make_totp_secret();
    const auto code = totp_code(secret, totp_step(kNow));
    for (auto _ : state) benchmark::DoNotOptimize(check_totp(secret, code, kNow, std::nullopt));
}
BENCHMARK(check_totp_code);

Claims claims() {
    return {
        .issuer = "https://mobilytics.example",
        .audience = {"api"},
        .subject = "person_0190c8a4e5f07a3b8c9d0e1f2a3b4c5d",
        .issued_at = kNow,
        .expires_at = kNow + std::chrono::minutes(5),
        .id = "0190c8a4e5f07a3b8c9d0e1f2a3b4c5d",
        .others = {{"scope", "assets:read reports:read"}}};
}

void sign_token(benchmark::State& state, Algorithm algorithm) {
    const auto keys = SigningKeys::make(kNow, {.algorithm = algorithm});
    for (auto _ : state) benchmark::DoNotOptimize(keys.sign(claims(), "at+jwt"));
}
BENCHMARK_CAPTURE(sign_token, es256, Algorithm::es256);
BENCHMARK_CAPTURE(sign_token, eddsa, Algorithm::eddsa);

void verify_token(benchmark::State& state, Algorithm algorithm) {
    const auto keys = SigningKeys::make(kNow, {.algorithm = algorithm});
    const JwtRules rules{
        .issuer = "https://mobilytics.example", .audience = "api", .types = {"at+jwt"}};
    const auto token = keys.sign(claims(), "at+jwt");
    for (auto _ : state) {
        auto read = verify_jwt(token.reveal(), keys.jwks(), rules, kNow);
        VERIFY(read.has_value());
        benchmark::DoNotOptimize(read);
    }
}
BENCHMARK_CAPTURE(verify_token, es256, Algorithm::es256);
BENCHMARK_CAPTURE(verify_token, eddsa, Algorithm::eddsa);

void check_passkey(benchmark::State& state) {
    const RelyingParty party{
        .id = "localhost", .name = "Mobilytics", .origins = {"http://localhost:8080"}};
    const PasskeyUser user{.handle = "u", .name = "u", .display_name = "U"};
    const auto challenge = make_challenge();
    TestAuthenticator device(party.origins[0]);
    const auto known =
        check_registration(
            party, user, challenge,
            boost::json::serialize(device.create(creation_options(party, user, challenge, {}))))
            .value();
    const auto answer = boost::json::serialize(device.get(request_options(party, challenge)));
    for (auto _ : state) {
        auto used = check_assertion(party, challenge, known, Assertion::read(answer).value());
        VERIFY(used.has_value());
        benchmark::DoNotOptimize(used);
    }
}
BENCHMARK(check_passkey);

}  // namespace
}  // namespace mobilytics::identity
