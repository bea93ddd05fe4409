#pragma once

#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

// The only control-flow macros in this repository. Both return the error to the caller and
// otherwise get out of the way.

#define RETURN_IF_ERROR(expr)                                                                 \
  do {                                                                                        \
    if (absl::Status status_of_expr_ = (expr); !status_of_expr_.ok()) return status_of_expr_; \
  } while (false)

#define ASSIGN_OR_RETURN(lhs, ...) \
  ASSIGN_OR_RETURN_IMPL_(ASSIGN_OR_RETURN_NAME_(status_or_, __LINE__), lhs, __VA_ARGS__)
#define ASSIGN_OR_RETURN_IMPL_(status_or, lhs, ...)          \
  auto status_or = (__VA_ARGS__);                            \
  if (!status_or.ok()) return std::move(status_or).status(); \
  lhs = *std::move(status_or)
#define ASSIGN_OR_RETURN_NAME_(a, b) ASSIGN_OR_RETURN_CAT_(a, b)
#define ASSIGN_OR_RETURN_CAT_(a, b) a##b
