// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "demo/request.h"
#include "demo/store.h"

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>

namespace tiphys::demo {

/// A metric of the demo cluster: `GET /demo/success-rate/NAMESPACE/HASH` gives which part of the requests to the ready pods
/// with that `rollouts-pod-template-hash` were answered well, as `{"pods":1,"successRate":0.996}`. A pod whose image's tag
/// ends in `-leak` answers fewer of them the longer it is measured: the first measurement is good however late it comes.
class SuccessRate
{
public:
    /// Nothing for any other path.
    std::optional<Response> answer(const Store &store, const Request &request);

private:
    double rateOf(const object::Object &pod, std::int64_t nowSeconds);

    std::map<std::string, std::int64_t, std::less<>> m_firstAsked; ///< seconds, by UID of the pods that leak
};

} // namespace tiphys::demo
