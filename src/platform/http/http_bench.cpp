// What a request costs: without a socket, and over the loopback with one client that waits for each
// answer. For requests a second of many clients: `wrk -t1 -c64 http://127.0.0.1:8080/livez`.

#include <benchmark/benchmark.h>

#include "platform/http/http_test.h"
#include "platform/http/outgoing.h"
#include "platform/http/request_reader.h"
#include "platform/metrics/metrics.h"

namespace mobilytics::http {
namespace {

const std::string kRequest = request_text(
    "GET /api/v1/assets/asset_018f2f6e8c7a7c0e9a51c3b0d2e4f601?limit=10",
    "Accept: application/json\r\nAccept-Encoding: gzip\r\nAuthorization: Bearer token\r\n"
    "User-Agent: bench\r\n");

/// A router with as many routes as a server has, that answers with some 120 bytes of JSON.
struct Served {
    Served() {
        for (int i = 0; i < 60; ++i) {
            router.on(verb::get, "/api/v1/noun" + std::to_string(i) + "/{id}", Role::viewer, reply);
        }
        router.on(verb::get, "/api/v1/assets/{id}", Role::viewer, reply);
    }
    static Result<Reply> reply(const Call& call) {
        return Reply{
            200,
            {{"id", call.path.at("id")},
             {"name", "Gran Vía 12"},
             {"latitude", 40.4203},
             {"n", 12}}};
    }
    metrics::Registry registry;
    Router router{
        [](std::string_view) -> Result<Caller> { return Caller{{}, Role::viewer}; },
        {.metrics = &registry}};
};

void answer_without_socket(benchmark::State& state) {
    const Served served;
    const ReadLimits limits;
    for (auto _ : state) {
        RequestReader reader(limits);
        reader.put(kRequest);
        benchmark::DoNotOptimize(outgoing(served.router.handle(reader.take()), Asked{}));
    }
}
BENCHMARK(answer_without_socket);

void exchange_over_loopback(benchmark::State& state) {
    const Served served;
    const RunningServer running({.workers = 1}, served.router);
    RawClient client(running.port());
    for (auto _ : state) {
        client.send(kRequest);
        benchmark::DoNotOptimize(client.read_answer());
    }
}
BENCHMARK(exchange_over_loopback)->UseRealTime();

}  // namespace
}  // namespace mobilytics::http
