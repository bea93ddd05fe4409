// Prints docs/access.md from the table that was built in.
#include <cstdio>

#include "libs/identity/access_table.h"

int main() {
  std::fputs(dondoc::identity::AccessPage(dondoc::identity::AccessTable::BuiltIn()).c_str(),
             stdout);
  return 0;
}
