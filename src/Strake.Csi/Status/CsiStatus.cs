using Strake.Grpc;

namespace Strake.Csi;

/// <summary>What failures are called on either side of a driver's socket.</summary>
/// <remarks>spec.md, "Error Scheme" and the tables of errors.</remarks>
public static class CsiStatus
{
    /// <summary>The status by which a driver tells of an exception; null: it is a defect. Pure.</summary>
    /// <param name="failure">What was thrown.</param>
    public static GrpcStatus? Of(Exception failure) => failure is StrakeException known ? new GrpcStatus(CodeOf(known.Kind), known.Message) : null;

    /// <summary>What a driver's refusal means to the engine, which tells it under its own words before the driver's. Pure.</summary>
    /// <param name="operation">What was tried, on what.</param>
    /// <param name="refusal">What the driver said.</param>
    public static StrakeException ErrorOf(string operation, GrpcException refusal)
    {
        string text = refusal.Status.Message.Length > 0 ? refusal.Status.Message : $"it gave no reason ({refusal.Code})";
        return new StrakeException(KindOf(refusal.Code), $"{operation}: {text}", refusal);
    }

    /// <summary>
    /// Whether a call that ended so may still be carried out, or be carried out when it is repeated; else the answer is final, and nothing was
    /// made. Pure.
    /// </summary>
    /// <remarks>As the sidecars of Kubernetes see it: external-provisioner, "isFinalError".</remarks>
    /// <param name="code">The code.</param>
    public static bool IsOpen(GrpcStatusCode code) => code is
        GrpcStatusCode.Cancelled or GrpcStatusCode.DeadlineExceeded or GrpcStatusCode.Unavailable or GrpcStatusCode.ResourceExhausted or GrpcStatusCode.Aborted;

    static GrpcStatusCode CodeOf(ErrorKind kind) => kind switch
    {
        ErrorKind.NotFound => GrpcStatusCode.NotFound,
        ErrorKind.AlreadyExists or ErrorKind.Conflict => GrpcStatusCode.AlreadyExists,
        ErrorKind.Invalid or ErrorKind.TooLarge => GrpcStatusCode.InvalidArgument,
        ErrorKind.InUse or ErrorKind.NotModified => GrpcStatusCode.FailedPrecondition,
        ErrorKind.Exhausted => GrpcStatusCode.ResourceExhausted,
        ErrorKind.DataLoss => GrpcStatusCode.DataLoss,
        ErrorKind.Unavailable => GrpcStatusCode.Unavailable,
        ErrorKind.NotSupported => GrpcStatusCode.FailedPrecondition,
        ErrorKind.PermissionDenied => GrpcStatusCode.PermissionDenied,
        ErrorKind.Unauthorized => GrpcStatusCode.Unauthenticated,
        ErrorKind.Internal => GrpcStatusCode.Internal,
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "an unknown kind of error"),
    };

    static ErrorKind KindOf(GrpcStatusCode code) => code switch
    {
        GrpcStatusCode.NotFound => ErrorKind.NotFound,
        GrpcStatusCode.AlreadyExists => ErrorKind.AlreadyExists,
        GrpcStatusCode.InvalidArgument or GrpcStatusCode.OutOfRange => ErrorKind.Invalid,
        GrpcStatusCode.FailedPrecondition => ErrorKind.InUse,
        GrpcStatusCode.ResourceExhausted => ErrorKind.Exhausted,
        GrpcStatusCode.DataLoss => ErrorKind.DataLoss,
        GrpcStatusCode.Unavailable or GrpcStatusCode.DeadlineExceeded or GrpcStatusCode.Aborted or GrpcStatusCode.Cancelled => ErrorKind.Unavailable,
        GrpcStatusCode.Unimplemented => ErrorKind.NotSupported,
        GrpcStatusCode.PermissionDenied => ErrorKind.PermissionDenied,
        GrpcStatusCode.Unauthenticated => ErrorKind.Unauthorized,
        _ => ErrorKind.Internal,
    };
}
