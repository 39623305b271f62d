using System.Globalization;

namespace Strake.Build;

/// <summary>A program of RUN that ended with another code than 0.</summary>
sealed class ProcessFailure(string command, int exitCode)
    : StrakeException(ErrorKind.Invalid, string.Create(CultureInfo.InvariantCulture, $"process \"{command}\" did not complete successfully: exit code: {exitCode}"))
{
    /// <summary>The code.</summary>
    public int ExitCode => exitCode;
}
