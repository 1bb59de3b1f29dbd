#include "service/health.h"

#include "store/catalogue_store.h"

namespace service {

void Health::check()
{
    database_.read([](store::Session& session) { store::CatalogueStore{session}.ping(); });
}

} // namespace service
