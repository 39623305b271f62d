namespace Strake.State;

/// <summary>
/// What kind of failure a <see cref="StrakeException"/> is. The set is closed: each front end maps it once (the HTTP status named here
/// is the Docker API's), and callers decide on the kind, never on message text.
/// </summary>
public enum ErrorKind
{
    /// <summary>The object named does not exist. HTTP 404.</summary>
    NotFound,

    /// <summary>An object of that name exists already. HTTP 409.</summary>
    AlreadyExists,

    /// <summary>The object is in a state, or at a revision, that the operation does not allow. HTTP 409.</summary>
    Conflict,

    /// <summary>The request itself is wrong, whatever the state of the system: a malformed name, an unknown option. HTTP 400.</summary>
    Invalid,

    /// <summary>The object cannot go or change while something uses it. HTTP 409.</summary>
    InUse,

    /// <summary>
    /// A resource has run out: disk space, a quota, a limit; for a watch, the history that it asked for. HTTP 500, which is what Docker
    /// answers for a full disk (a Kubernetes watch answers 410).
    /// </summary>
    Exhausted,

    /// <summary>Stored or received bytes are not what they have to be: a digest differs, a record cannot be read. HTTP 500.</summary>
    DataLoss,

    /// <summary>Something needed is not there now and may be later: another process holds it, a peer is down. HTTP 503.</summary>
    Unavailable,

    /// <summary>Understood, and not offered by this daemon, driver or host. HTTP 501.</summary>
    NotSupported,

    /// <summary>The object already is as asked, and the client must be told so: start of a started container. HTTP 304.</summary>
    NotModified,

    /// <summary>Refused for who asks or where it points. HTTP 403.</summary>
    PermissionDenied,

    /// <summary>Who asks has not shown who he is, or shown it wrongly. HTTP 401.</summary>
    Unauthorized,

    /// <summary>Input over its size limit. HTTP 413.</summary>
    TooLarge,

    /// <summary>A defect of ours or a failure that nobody foresaw. HTTP 500.</summary>
    Internal,
}
