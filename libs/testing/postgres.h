#pragma once

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "libs/testing/servers.h"

namespace dondoc::testing {

// A PostgreSQL server with an empty cluster of its own in `folder`, as a careful operator runs it:
// fsync on, checksums on; its superuser "dondoc" needs no password. As root it runs as the user
// that Debian's package makes, because postgres refuses root. Its files survive a restart.
absl::StatusOr<std::unique_ptr<ChildProcess>> StartPostgres(const TempDir& folder,
                                                            const ServerOptions& options = {});

// Waits until it takes connections, also after Restart().
absl::Status AwaitPostgres(int port);

// "postgresql://dondoc@127.0.0.1:port/database?connect_timeout=5": SOCI adds a "=" to a URL that
// has none.
std::string PostgresUrl(int port, const std::string& database);

}  // namespace dondoc::testing
