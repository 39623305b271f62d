namespace Strake.Grpc;

/// <summary>Whether a service can take calls, with the numbers of <c>grpc.health.v1</c>.</summary>
public enum ServingStatus
{
    /// <summary>Nothing is known.</summary>
    Unknown = 0,

    /// <summary>It can.</summary>
    Serving = 1,

    /// <summary>It cannot, now.</summary>
    NotServing = 2,

    /// <summary>The server does not know the service.</summary>
    ServiceUnknown = 3,
}
