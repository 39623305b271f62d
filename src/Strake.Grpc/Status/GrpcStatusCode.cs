namespace Strake.Grpc;

/// <summary>How a call ended: the codes of gRPC, with their numbers.</summary>
/// <remarks>gRPC <c>doc/statuscodes.md</c>.</remarks>
public enum GrpcStatusCode
{
    /// <summary>It was carried out.</summary>
    Ok = 0,

    /// <summary>The caller gave it up.</summary>
    Cancelled = 1,

    /// <summary>It failed, and nothing closer is known.</summary>
    Unknown = 2,

    /// <summary>What was asked for is wrong, whatever state the server is in.</summary>
    InvalidArgument = 3,

    /// <summary>The caller's time was over before it was done.</summary>
    DeadlineExceeded = 4,

    /// <summary>The thing is not there.</summary>
    NotFound = 5,

    /// <summary>The thing is there already.</summary>
    AlreadyExists = 6,

    /// <summary>The caller is known and may not do this.</summary>
    PermissionDenied = 7,

    /// <summary>Something is used up: space, a quota, the length of a message.</summary>
    ResourceExhausted = 8,

    /// <summary>The thing is in a state in which this cannot be done; to try again helps only after a change.</summary>
    FailedPrecondition = 9,

    /// <summary>Another call was in the way; to try again from the start may help.</summary>
    Aborted = 10,

    /// <summary>Beyond the end of something.</summary>
    OutOfRange = 11,

    /// <summary>The server does not have this method.</summary>
    Unimplemented = 12,

    /// <summary>A defect of the server, or of what lies between.</summary>
    Internal = 13,

    /// <summary>The server cannot be reached now; to try again may help.</summary>
    Unavailable = 14,

    /// <summary>Data is lost or damaged.</summary>
    DataLoss = 15,

    /// <summary>The caller is not known.</summary>
    Unauthenticated = 16,
}
