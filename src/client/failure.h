#pragma once
#include "gateway/ovh_client.h"

#include <stdexcept>
#include <string>

namespace client {

/// What a command ends with.
enum class Exit {
    done = 0,
    refused = 1,       ///< the server, or a rule of the caller such as --max-total, said no
    usage = 2,         ///< the command line or the configuration
    not_logged_in = 3, ///< keys are missing, wrong, not validated, or grant too little
    not_found = 4,
    conflict = 5,    ///< with what is there already: a cart that was ordered, a label that is set
    temporary = 6,   ///< nothing was done; the same command may succeed later
    pending = 7,     ///< the order lives and goes on by itself
    needs_human = 8, ///< the order lives and waits for somebody
};

/// Why a command cannot go on, and what to do about it.
class Failure : public std::runtime_error {
public:
    Failure(Exit exit, const std::string& message, std::string remedy = "")
        : std::runtime_error{message}, exit_{exit}, remedy_{std::move(remedy)}
    {
    }

    Exit exit() const { return exit_; }
    const std::string& remedy() const { return remedy_; } ///< may be empty

    int status{0};            ///< of the server's answer; 0: none
    std::string error_code{}; ///< of the server, may be empty
    std::string query_id{};   ///< for whom one asks about it

private:
    Exit exit_;
    std::string remedy_;
};

/// The failure that a reply means, which is not a good one; `doing` says what was tried: "read the cart".
Failure failure_of(const gateway::OvhReply& reply, const std::string& doing);

} // namespace client
