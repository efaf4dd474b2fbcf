// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "demo/access.h"
#include "demo/request.h"
#include "demo/store.h"

#include <optional>
#include <string>

namespace tiphys::demo {

/// What a path below /api/v1 or /apis/GROUP/VERSION names.
struct Target
{
    std::string group;
    std::string version;
    std::string plural;
    std::string ns;
    std::string name;        ///< "" for the collection
    std::string subresource; ///< "status", "scale", "log", …; "" for the object itself
};

/// The target of \p path; nothing if it names no resource.
std::optional<Target> targetOf(std::string_view path);

/// Carries out one request on objects of a served kind.
class ResourceRequest
{
public:
    ResourceRequest(Store &store, const Resource &resource, const Target &target, const Request &request)
        : m_store(&store), m_resource(resource), m_target(target), m_request(&request)
    {
    }

    /// The verb that access is asked for: "get", "list", "watch", "create", …; "" for a method that is not served.
    std::string verb() const;
    /// The answer.
    Response answer();

private:
    Place place() const { return {m_target.ns, m_target.name}; }
    Answer<object::Object> body() const;
    Answer<WriteOptions> writeOptions() const;
    Answer<Selector> selector() const;
    Response read();
    Response list();
    Response watch();
    Response create();
    Response update();
    Response patch();
    Response remove();
    Response removeCollection();
    Response scale();
    Response log();
    Response written(const Answer<object::Object> &object, int code = 200) const;

    Store *m_store;
    Resource m_resource;
    Target m_target;
    const Request *m_request;
};

/// The form that an Accept header asks for.
Form formOf(std::string_view accept);
/// \p object as it is shown: in \p version of its group, in \p form.
object::Value shown(const object::Object &object, const Resource &resource, const std::string &version, Form form,
                    ports::WallTime now);
/// A response of JSON.
Response jsonResponse(const object::Value &value, int code = 200);
/// A response that refuses.
Response refused(const Refusal &refusal);

} // namespace tiphys::demo
