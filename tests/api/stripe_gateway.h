#pragma once
#include "site.h"

#include <chrono>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

// The test gateway, as a server with a secret key sees it, and what it tells by webhooks.
namespace stripe_gateway {

using site::Answer;

/// `form` is as it goes over the wire: "amount=500&currency=chf".
Answer post(const std::string& path, const std::string& form = "", std::vector<std::string> headers = {});
Answer get(const std::string& path, std::vector<std::string> headers = {});
Answer remove(const std::string& path);

/// As a page with its publishable key.
Answer post_as_browser(const std::string& path, const std::string& form);
Answer get_as_browser(const std::string& path);

std::string url(const std::string& path);

/// A fresh customer's id.
std::string customer();

/// The form of a payment of 500 by card, at once; more is appended: "&off_session=true".
std::string payment(const std::string& payment_method, const std::string& more = "");

/// The nodes of a list at "data".
std::size_t size_of(const Answer& list);

/// Plays the cardholder on the bank's page; where it leads back to.
std::string answer_challenge(const std::string& page, const std::string& outcome);

/// Waits, ten seconds at most, until the stack's worker has nothing to charge: its payments are the gateway's, too.
void let_worker_rest();

/// Moves the test clock for as long as it lives.
class LaterBy {
public:
    explicit LaterBy(std::chrono::seconds time);
    ~LaterBy();
    LaterBy(const LaterBy&) = delete;
    LaterBy& operator=(const LaterBy&) = delete;
};

/// A delivery as it came.
struct Delivered {
    std::string body{};
    std::string signature{}; ///< the header

    std::string at(const std::string& path) const { return Answer{.status = 200, .body = body}.at(path); }
};

/// A webhook endpoint on a port of its own, registered at the gateway for as long as it lives.
class Listener {
public:
    /// `types` as in "enabled_events[0]=*".
    explicit Listener(const std::string& types);
    ~Listener();
    Listener(const Listener&) = delete;
    Listener& operator=(const Listener&) = delete;

    /// The next deliveries are answered with these, then with 200.
    void answer_next_with(std::vector<int> statuses);

    std::vector<Delivered> all() const;

    /// Those whose object is of this id, once there are so many, or what there is after some seconds.
    std::vector<Delivered> about(const std::string& object, std::size_t count) const;

    std::string id{};
    std::string secret{};

private:
    void take(int connection);

    int socket_{-1};
    mutable std::mutex mutex_{};
    std::vector<Delivered> delivered_{};
    std::vector<int> statuses_{};
    std::jthread thread_{};
};

} // namespace stripe_gateway
