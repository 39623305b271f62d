
namespace Strake.Build;

/// <summary>Runs the programs of RUN. Implemented by whoever runs containers.</summary>
public interface IProcessRunner
{
    /// <summary>Runs a program to its end on a file system of its own.</summary>
    /// <param name="process">What and where.</param>
    /// <param name="output">Receives what it prints.</param>
    /// <param name="cancellationToken">Kills it, and removes all that was made.</param>
    /// <returns>How it ended, with what it changed; to be disposed.</returns>
    /// <exception cref="StrakeException">It could not be started.</exception>
    Task<IProcessResult> RunAsync(BuildProcess process, ProcessOutput output, CancellationToken cancellationToken);
}
