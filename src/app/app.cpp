#include "app/app.h"

#include "store/issuer_store.h"

#include "logging/log.h"

#include <stdexcept>

namespace app {
namespace {

Config named_config(const std::string& program, std::chrono::seconds patience)
{
    logging::set_program(program);
    auto config = load_config();
    config.database.patience = patience;
    return config;
}

} // namespace

App::App(const std::string& program, std::chrono::seconds patience)
    : config{named_config(program, patience)},
      clock{[this]() -> std::unique_ptr<gateway::Clock> {
          if (config.mode == Mode::production || config.clock_file.empty()) return gateway::make_system_clock(config.timezone);
          auto settable = gateway::make_sandbox_clock(config.timezone, config.clock_file);
          test_clock_ = settable.get();
          return settable;
      }()},
      database{config.database, static_cast<std::size_t>(config.threads)}
{
}

gateway::ProvisionerSet App::provisioners() const
{
    gateway::ProvisionerSet set;
    for (const auto& [product, exec, has_image] : config.provisioning.products)
        set.add(product, {gateway::make_exec_provisioner(exec), has_image});
    return set;
}

std::unique_ptr<gateway::VatRegister> App::vat_register() const
{
    switch (config.vat.kind) {
    case VatRegisterKind::none: return gateway::make_no_register();
    case VatRegisterKind::vies: return gateway::make_vies_register(config.vat.vies);
    case VatRegisterKind::sandbox: return gateway::make_sandbox_register();
    }
    throw std::logic_error{"no such register"};
}

gateway::SecretBox App::secret_box() const
{
    if (config.api.secret_key.empty())
        throw std::runtime_error{
            "[api] secret_key_file is missing: it names a file with the key that seals the secrets of API applications; "
            "make one with (umask 077; openssl rand -hex 32 >FILE)"};
    try {
        return gateway::SecretBox{config.api.secret_key, config.api.previous_secret_key};
    } catch (const std::invalid_argument& error) {
        throw std::runtime_error{std::string{"[api] secret_key_file and previous_secret_key_file: "} + error.what()};
    }
}

void App::keep_issuer()
{
    database.transact([&](store::Session& session) { store::IssuerStore{session}.keep(config.issuer, clock->now()); });
}

std::unique_ptr<gateway::Wireguard> App::wireguard() const
{
    return config.vpn.driver == VpnDriver::file ? gateway::make_peer_file(config.vpn.file) : gateway::make_wg_tool(config.vpn.interface);
}

std::unique_ptr<gateway::MailGateway> App::mail_gateway() const
{
    switch (config.mail.driver) {
    case MailDriver::none: return nullptr;
    case MailDriver::folder: return gateway::make_folder_mail(config.mail.folder);
    case MailDriver::smtp: return gateway::make_smtp_mail(config.mail.smtp);
    }
    return nullptr;
}

} // namespace app
