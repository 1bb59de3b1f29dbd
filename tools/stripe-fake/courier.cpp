#include "courier.h"

#include "gateway/http_client.h"
#include "ids.h"
#include "logging/log.h"
#include "object_store.h"
#include "unix_time.h"

#include <optional>

namespace stripe_fake {
namespace {

using namespace std::chrono_literals;

constexpr int couriers = 4;
constexpr auto between_looks = 150ms;
constexpr auto trouble_pause = 500ms;
constexpr auto connect_timeout = 2000ms;
constexpr auto timeout = 6000ms; // less than the supervisor's patience with a program that is to end
constexpr int nobody = -1;

bool is_success(int status) { return status >= 200 && status < 300; }

/// The event as this endpoint wants it: in the version it was registered with.
std::string payload_of(const Object& event, const Object& endpoint)
{
    auto body = event.snapshot();
    if (const auto version = endpoint.text("api_version"); !version.empty()) body.set("api_version", version);
    return body.dump();
}

std::string signature(const std::string& secret, std::int64_t now, const std::string& payload)
{
    const auto time = std::to_string(now);
    return "t=" + time + ",v1=" + fingerprint(secret, time + '.' + payload);
}

} // namespace

Courier::Courier(store::Database& database, const gateway::Clock& clock) : database_{database}, clock_{clock}
{
    for (int i = 0; i < couriers; ++i) threads_.emplace_back([this, i] { work(i == 0); });
}

Courier::~Courier()
{
    {
        const std::lock_guard lock{mutex_};
        stopping_ = true;
    }
    woken_.notify_all();
}

void Courier::wake()
{
    {
        const std::lock_guard lock{mutex_};
        ++calls_;
    }
    woken_.notify_one();
}

/// One courier watches the clocks; the others are woken when there is more than it can carry.
void Courier::work(bool watches)
{
    while (true) {
        {
            const std::lock_guard lock{mutex_};
            if (stopping_) return;
        }
        try {
            while (deliver_one()) {}
        } catch (const std::exception& error) {
            logging::event("error", "courier_trouble", {{"what", error.what()}});
            std::this_thread::sleep_for(trouble_pause);
        }
        rest(watches);
    }
}

void Courier::rest(bool watches)
{
    std::unique_lock lock{mutex_};
    const auto woken = [this, before = calls_] { return stopping_ || calls_ != before; };
    if (watches) woken_.wait_for(lock, between_looks, woken);
    else woken_.wait(lock, woken);
}

bool Courier::deliver_one()
{
    const auto delivery = database_.transact([&](store::Session& session) { return Deliveries{session}.claim(unix_ms(clock_.now())); });
    if (!delivery) return false;
    wake(); // where there is one there may be more
    const int status = send(*delivery);
    database_.transact([&](store::Session& session) {
        Deliveries deliveries{session};
        if (status == nobody) deliveries.drop(*delivery);
        else if (is_success(status)) deliveries.delivered(*delivery, status);
        else deliveries.failed(*delivery, status, unix_ms(clock_.now()));
    });
    const std::lock_guard lock{mutex_};
    return !stopping_;
}

/// The status of the endpoint's answer, 0 without one; `nobody` if the endpoint is gone or wants nothing any more.
int Courier::send(const Delivery& delivery)
{
    std::optional<Object> event, endpoint;
    database_.read([&](store::Session& session) {
        event = ObjectStore{session}.look_at(delivery.event);
        endpoint = ObjectStore{session}.look_at(delivery.endpoint);
    });
    if (!event || !endpoint || endpoint->text("status") != "enabled") return nobody;
    const auto payload = payload_of(*event, *endpoint);
    const auto now = unix_ms(clock_.now()) / 1000;
    return gateway::exchange({.method = "POST",
                                 .url = endpoint->text("url"),
                                 .headers = {{"Content-Type", "application/json; charset=utf-8"}, {"Accept", "*/*; q=0.5, application/xml"},
                                     {"Cache-Control", "no-cache"}, {"User-Agent", "Stripe/1.0 (+https://stripe.com/docs/webhooks)"},
                                     {"Stripe-Signature", signature(endpoint->hidden_text("secret"), now, payload)}},
                                 .body = payload,
                                 .connect_timeout = connect_timeout,
                                 .timeout = timeout,
                                 .check_certificate = false}) // listeners of a sandbox sign their own
        .status;
}

} // namespace stripe_fake
