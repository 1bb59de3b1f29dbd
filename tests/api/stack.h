#pragma once
#include "api/client.h"

#include <sys/types.h>

#include <chrono>
#include <functional>
#include <map>
#include <string>
#include <vector>

// The stack under test from the inside: its processes, its directory, its database, and members to act with.
namespace api_test {

/// @throws std::runtime_error if tests/run did not set it.
std::string environment(const std::string& name);

struct Finished {
    int status{-1};
    std::string out{}; ///< standard output
};

/// Runs a program with that standard input. `env` is the whole environment if given, else ours is inherited.
Finished run(
    const std::vector<std::string>& command, const std::string& input = "", const std::map<std::string, std::string>* env = nullptr);

/// Runs SQL on the stack's database as its owner; the columns of a row are separated by TABs.
std::string sql(const std::string& statement);

/// The process of that name as `stack status` tells it; 0 while it is not running.
pid_t pid_of(const std::string& service);

/// True as soon as the condition is; false if it never was in that time.
bool eventually(const std::function<bool()>& condition, std::chrono::milliseconds patience = std::chrono::seconds{10});

std::string random_hex(std::size_t digits);
std::string random_uuid();

/// A directory account of its own, so that cases do not disturb each other.
struct Member : Client {
    explicit Member(Credentials who) : Client{who}, credentials{std::move(who)} {}

    Credentials credentials;
};

Credentials new_account();

/// An account that has done nothing yet.
Member fresh_member();

/// One with an approved way to pay and a running membership.
Member joined_member();

Member nicocustomer();
Member nico();
Member anna();
Member the_operator();

/// {"product":"ipv6-only-vm",…} of 1 core, 0.5 GB and 1 GB; with a uuid if given.
std::string vm_order(const std::string& uuid = "");

/// The uuid of the machine of an order, once it is active; "" if it is not within 10 s.
std::string active_vm(Client& member, const std::string& order_uuid);

/// Orders a VM and waits for it.
std::string new_vm(Client& member);

/// Waits up to 10 s until the snapshot has that status, and returns the last one seen.
std::string await_snapshot(Client& member, const std::string& uuid, const std::string& status);

/// A snapshot of the VM that is ready.
std::string new_snapshot(Client& member, const std::string& vm);

} // namespace api_test
