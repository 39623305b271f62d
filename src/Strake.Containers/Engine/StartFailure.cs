using Strake.Containers.Runtime;

namespace Strake.Containers.Engine;

/// <summary>Carries the exit code of a start that failed along with its error, which names the reason to the user.</summary>
/// <param name="failure">What the runtime said.</param>
sealed class StartFailure(RuntimeFailure failure)
{
    const string Key = "strake.exit-code";
    const int EngineFailure = 128;

    /// <summary>The error of a container's start.</summary>
    public StrakeException Exception => Of(failure.CreateMessage);

    /// <summary>The error of an exec.</summary>
    public StrakeException ExecException => Of(failure.ExecMessage);

    /// <summary>The exit code that a failure leaves in the container's state.</summary>
    public static int CodeOf(Exception e) => e.Data[Key] as int? ?? EngineFailure;

    // A command that cannot be run is the request's fault; whatever else the runtime meets is not.
    StrakeException Of(string message)
    {
        StrakeException exception = failure.ExitCode == EngineFailure ? StrakeException.Internal(message) : StrakeException.Invalid(message);
        exception.Data[Key] = failure.ExitCode;
        return exception;
    }
}
