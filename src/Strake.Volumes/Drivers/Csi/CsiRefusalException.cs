using Strake.Csi;
using Strake.Grpc;

namespace Strake.Volumes;

/// <summary>A driver's call did not end well, and is not repeated any more.</summary>
/// <param name="driver">The driver.</param>
/// <param name="method">The call.</param>
/// <param name="failure">What came, without secrets.</param>
sealed class CsiRefusalException(string driver, string method, GrpcException failure) : Exception(failure.Message, failure)
{
    /// <summary>The code.</summary>
    public GrpcStatusCode Code { get; } = failure.Code;

    /// <summary>Whether the driver may have done it nevertheless, or be about to.</summary>
    public bool IsOpen => CsiStatus.IsOpen(Code);

    /// <summary>The same for the engine's callers: the driver, its call, its code, its words.</summary>
    /// <param name="operation">What was tried, on what.</param>
    public StrakeException InWords(string operation) => CsiStatus.ErrorOf($"{operation}: CSI driver \"{driver}\": {method}: {Upper(Code)}", failure);

    /// <summary>The driver, its call, its code, its words.</summary>
    public string Words => $"CSI driver \"{driver}\": {method}: {Upper(Code)}: {Message}";

    // As the interface writes codes: FAILED_PRECONDITION.
    static string Upper(GrpcStatusCode code) =>
        string.Concat(code.ToString().Select(static (letter, at) => at > 0 && char.IsAsciiLetterUpper(letter) ? $"_{letter}" : char.ToUpperInvariant(letter).ToString()));
}
