#include "stack.h"

#include <algorithm>
#include <chrono>
#include <fstream>
#include <stdexcept>
#include <thread>

namespace year {
namespace {

using site::environment;
using site::shell;

/// What the worker has still to do on the day, by table.
std::string left_to_do(const std::string& day)
{
    return query("SELECT CONCAT_WS(' ',"
                 " (SELECT COUNT(*) FROM jobs WHERE state IN ('queued', 'leased')),"
                 " (SELECT COUNT(*) FROM receivables WHERE open_minor > 0 AND attend_on <= '"
        + day
        + "'),"
          " (SELECT COUNT(*) FROM orders o LEFT JOIN vat_ids v ON v.held_member = o.member_id WHERE o.next_due_on <= '"
        + day
        + "' AND v.member_id IS NULL),"
          " (SELECT COUNT(*) FROM billing_runs WHERE open_on IS NOT NULL),"
          " (SELECT COUNT(*) FROM gateway_events WHERE state = 'new'),"
          " (SELECT COUNT(*) FROM mail_outbox WHERE state IN ('queued', 'sending')))");
}

} // namespace

std::string query(const std::string& sql)
{
    auto text = shell("mariadb --socket=$(readlink -f " + environment("TEST_VAR") + "/run)/mariadb.sock uncloud -N -B -e \"" + sql + '"');
    while (!text.empty() && text.back() == '\n') text.pop_back();
    return text;
}

void live_through(Day day)
{
    const auto date = domain::to_text(domain::Date{day});
    const auto set = site::the_operator.send("POST", "/admin/test-clock", R"({"now":")" + date + R"(T09:00:00+01:00"})");
    if (set.status != 200) throw std::runtime_error{"the clock cannot be set: " + set.body};
    const auto until = std::chrono::steady_clock::now() + std::chrono::minutes{2};
    for (int quiet = 0; quiet < 2;) { // a day is over when nothing is left to do, twice in a row
        std::this_thread::sleep_for(std::chrono::milliseconds{120});
        const auto left = left_to_do(date);
        quiet = left == "0 0 0 0 0 0" ? quiet + 1 : 0;
        if (std::chrono::steady_clock::now() > until)
            throw std::runtime_error{"on " + date + " this was left to do (jobs, documents, orders, runs, events, mails): " + left};
    }
}

std::string uncloud(const std::string& arguments) { return shell(environment("BUILD") + "/bin/uncloud " + arguments); }

std::string text_of_pdf(const std::string& bytes)
{
    const auto path = environment("TEST_VAR") + "/year.pdf";
    std::ofstream{path, std::ios::binary} << bytes;
    return shell("pdftotext -layout " + path + " -");
}

std::string without_blanks(const std::string& text)
{
    std::string kept;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text.compare(i, 2, "\u00a0") == 0) ++i;
        else if (!std::isspace(static_cast<unsigned char>(text[i]))) kept += text[i];
    }
    return kept;
}

} // namespace year
