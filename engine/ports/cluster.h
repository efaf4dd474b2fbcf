// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "async/async.h"
#include "async/cancel.h"
#include "ports/discovery.h"
#include "ports/requests.h"
#include "ports/resource_type.h"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace tiphys::ports {

/// Where a cluster is and who we are there, without secrets.
struct ClusterIdentity
{
    std::string context; ///< kubeconfig context, "" if it came from elsewhere
    std::string server;  ///< "https://host:6443"
    std::string user;    ///< name of the kubeconfig's user entry, or the impersonated user
    std::string ns;      ///< the context's namespace, "default" if none
    bool skipsTlsVerification = false;

    bool operator==(const ClusterIdentity &) const = default;
};

/// One identity on one API server. Every call is made and answered in the engine thread.
///
/// Errors of all calls: Unauthorized (sign in again), Denied (the message names verb, resource and scope), NotFound,
/// Conflict, InvalidInput, Unavailable (not reached, throttled, or a fault of the server), Timeout, Expired,
/// LimitExceeded, Cancelled. Error::reason() is the `reason` of the server's Status ("AlreadyExists", "Conflict",
/// "Invalid", …). Reads are repeated where that is safe; a write only if the server says that it refused it for now
/// (429) or the credentials (401). **Unknown** means that a write was sent and its answer was lost (cancelling
/// included), so the object must be read again; every other error means it was not done.
class Cluster
{
public:
    virtual ~Cluster() = default;

    virtual const ClusterIdentity &identity() const = 0;

    /// Types that the server serves; kept for some minutes. Groups that cannot be reached are named in the answer
    /// and cost no error.
    virtual Async<DiscoveryPtr> discovery(CancelToken cancel) = 0;
    /// The same, asked anew: after a CRD was applied, or a kind was not found.
    virtual Async<DiscoveryPtr> refreshDiscovery(CancelToken cancel) = 0;

    virtual Async<object::Object> get(ObjectRef ref, GetOptions options, CancelToken cancel) = 0;
    /// All pages. A list that expires half way is started anew.
    virtual Async<ObjectList> list(ResourceType type, ListOptions options, CancelToken cancel) = 0;
    /// Runs until the server ends the stream (success: watch again from the last resource version), an error, or
    /// cancel. \p onEvents gets the events in order, in batches, in this thread.
    virtual Async<void> watch(ResourceType type, WatchOptions options,
                              std::function<void(std::vector<WatchEvent>)> onEvents, CancelToken cancel) = 0;

    /// \p object goes to the namespace that it names. generateName is honoured.
    virtual Async<Written> create(ResourceType type, object::Object object, WriteOptions options,
                                  CancelToken cancel) = 0;
    /// A `metadata.resourceVersion` in the body is checked by the server (Conflict).
    virtual Async<Written> patch(ObjectRef ref, Patch patch, WriteOptions options, CancelToken cancel) = 0;
    /// The whole object (PUT).
    virtual Async<Written> replace(ResourceType type, object::Object object, WriteOptions options,
                                   CancelToken cancel) = 0;
    /// Success when the server accepted the deletion; finalizers may keep the object for a while.
    virtual Async<void> remove(ObjectRef ref, DeleteOptions options, CancelToken cancel) = 0;

    /// The log of a pod's container, in batches of lines without line feeds, until its end or cancel. Errors: Timeout also of a
    /// followed one that was quiet for some minutes: its connection may be dead without a word.
    virtual Async<void> logs(ObjectRef pod, LogOptions options, std::function<void(std::vector<std::string>)> onLines,
                             CancelToken cancel) = 0;

    /// SelfSubjectReview; kept while the credentials stay the same.
    virtual Async<UserInfo> selfSubject(CancelToken cancel) = 0;
    /// SelfSubjectAccessReview; answers are kept for a minute.
    virtual Async<Access> canI(AccessQuestion question, CancelToken cancel) = 0;
    /// SelfSubjectRulesReview of one namespace; kept for a minute.
    virtual Async<AccessRules> rules(std::string ns, CancelToken cancel) = 0;

    virtual Async<ServerVersion> serverVersion(CancelToken cancel) = 0;
    /// The OpenAPI v3 document of "apps/v1" or "v1" as JSON text, as of the last discovery; one that did not change since it was
    /// read is not transferred again. NotFound if the server has none.
    virtual Async<std::string> openApi(std::string groupVersion, CancelToken cancel) = 0;
    /// GET of a path of the server ("/version", "/metrics") as text.
    virtual Async<std::string> getRaw(std::string path, CancelToken cancel) = 0;
    /// Somebody asks for another try: what failed a moment ago, and would not be tried again at once, is with the next call.
    virtual void forgetFailures() = 0;
};
using ClusterPtr = std::shared_ptr<Cluster>;

} // namespace tiphys::ports
