#include "app/commands.h"
#include "app/version.h"
#include "domain/refusal.h"

#include <CLI/CLI.hpp>

#include <unistd.h>

#include <iostream>
#include <stdexcept>

namespace {

/// All of them, in the order in which --help lists them; `status` is what the program ends with.
void add_commands(CLI::App& cli, std::ostream& out, int& status)
{
    app::add_schema_commands(cli, out);
    app::add_member_commands(cli, out);
    app::add_price_commands(cli, out);
    app::add_job_commands(cli, out);
    app::add_order_commands(cli, out);
    app::add_report_commands(cli, out);
    app::add_webhook_commands(cli, out);
    app::add_config_commands(cli, out);
    app::add_mail_commands(cli, out);
    app::add_run_commands(cli, out, ::isatty(STDOUT_FILENO) == 1, status);
    app::add_correction_commands(cli, out);
    app::add_ledger_commands(cli, out, status);
    app::add_bank_commands(cli, out);
    app::add_plan_commands(cli, out);
    app::add_server_commands(cli, out);
    app::add_supplier_commands(cli, out);
    app::add_sandbox_commands(cli, out);
    app::add_vat_commands(cli, out);
    app::add_vpn_commands(cli, out, status);
    app::add_snapshot_commands(cli, out);
    app::add_api_key_commands(cli, out);
    app::add_cluster_commands(cli, out);
    app::add_host_commands(cli, out);
    app::add_machine_commands(cli, out, status);
}

int exit_status_of(const std::exception& error)
{
    if (dynamic_cast<const std::invalid_argument*>(&error)) return 2;
    if (dynamic_cast<const domain::Unavailable*>(&error)) return 6;
    const auto* refusal = dynamic_cast<const domain::Refusal*>(&error);
    if (!refusal) return 1;
    switch (refusal->reason()) {
    case domain::Reason::not_found:
    case domain::Reason::unknown_product: return 4;
    case domain::Reason::price_exists:
    case domain::Reason::books_closed:
    case domain::Reason::reference_in_use:
    case domain::Reason::still_required:
    case domain::Reason::mail_state:
    case domain::Reason::snapshot_state:
    case domain::Reason::nothing_to_refund:
    case domain::Reason::nothing_to_pay_out:
    case domain::Reason::booking_decided:
    case domain::Reason::booking_differs: return 5;
    default: return 1;
    }
}

} // namespace

/// The operator's command line. Exit status: 0 done, 1 refused, 2 usage, 4 not found, 5 conflict, 6 try again later.
int main(int argc, char** argv)
{
    CLI::App cli{"uncloud: the operator's tool of uncloud-billing"};
    cli.set_version_flag("--version", "uncloud " + app::version);
    cli.require_subcommand(1);
    int status = EXIT_SUCCESS;
    add_commands(cli, std::cout, status);
    try {
        cli.parse(argc, argv);
        return status;
    } catch (const CLI::ParseError& error) {
        return cli.exit(error) == 0 ? 0 : 2;
    } catch (const std::exception& error) {
        std::cerr << "uncloud: " << error.what() << '\n';
        return exit_status_of(error);
    }
}
