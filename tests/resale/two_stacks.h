#pragma once
#include "../api/ovh_site.h"
#include "../api/site.h"

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>

// Two stacks on one machine: the one that tests/run has started sells servers of another, which is started here and plays the supplier.
namespace resale {

/// A stack with its own database, ports and programs.
class Stack {
public:
    /// `var` is its folder, `url` its address.
    Stack(std::string var, std::string url) : var_{std::move(var)}, url_{std::move(url)} {}

    const std::string& var() const { return var_; }
    const std::string& url() const { return url_; }

    /// The one number or text that a SELECT gives, by this stack's own database.
    std::string query(const std::string& sql) const;
    std::int64_t count(const std::string& sql) const { return std::stoll(query(sql)); }

    /// An operator's command; its output. @throws std::runtime_error if it fails
    std::string uncloud(const std::string& arguments) const;

private:
    std::string var_;
    std::string url_;
};

/// The two, for the whole suite: the supplier's stack is started once, has a member who resells with a card and a key, and the reseller
/// has its catalogue in its own, ten percent dearer.
struct TwoStacks {
    TwoStacks();
    ~TwoStacks();

    Stack reseller{site::environment("TEST_VAR"), site::environment("TEST_URL")};
    Stack supplier;
    std::string account{}; ///< of the reseller at the supplier: SQL that selects its id there

    /// Ends the reseller's worker at once, wherever it stands; its supervisor starts another.
    void kill_worker() const;

private:
    void start_supplier() const;
    void configure() const;
};

TwoStacks& two_stacks();

/// A fresh member of the reseller with a card, and its client of the cart API.
site::OvhClient customer();

/// Buys as many servers of the plan, each with its mandatory options; the number of the purchase.
std::string buy(const site::OvhClient& client, const std::string& plan, int quantity);

/// Waits until it holds. Returns false if it does not in that time.
bool comes_true(std::chrono::seconds within, const std::function<bool()>& condition);

} // namespace resale
