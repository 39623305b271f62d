using System.Text;
using Strake.Linux;

namespace Strake.Build;

/// <summary>
/// The host's <c>git</c>, run without a shell and without anything of this host that a repository could make use of: no configuration, no hooks, no
/// templates, no questions, no transports but those of the network.
/// </summary>
/// <remarks>
/// <c>GIT_ALLOW_PROTOCOL</c> counts for submodules as well, so that no repository reaches files (<c>file://</c>) or programs (<c>ext::</c>) of this
/// host. git itself refuses submodules whose addresses begin with a dash (CVE-2018-17456) or that would leave the tree (CVE-2018-11235).
/// </remarks>
/// <param name="directory">The directory of the work tree; exists.</param>
/// <param name="variables">More of its environment: proxies, the agent's socket, what the server wants to see.</param>
sealed class GitProgram(string directory, IReadOnlyList<string> variables)
{
    // Enough for the names of a large repository; what is beyond is cut, and then looks like a name that is not there.
    const int MostOutput = 4 << 20;

    const int MostMessage = 2000;

    static readonly string[] s_environment =
    [
        "GIT_ALLOW_PROTOCOL=http:https:ssh:git",
        "GIT_ASKPASS=/bin/false",
        "GIT_ATTR_NOSYSTEM=1",
        "GIT_CONFIG_GLOBAL=/dev/null",
        "GIT_CONFIG_NOSYSTEM=1",
        "GIT_LFS_SKIP_SMUDGE=1",
        "GIT_PROTOCOL_FROM_USER=0",
        "GIT_TERMINAL_PROMPT=0",
        // A new host is believed, as BuildKit does; one that this host's /etc/ssh knows by another key is not.
        "GIT_SSH_COMMAND=ssh -F /dev/null -o BatchMode=yes -o StrictHostKeyChecking=accept-new -o UserKnownHostsFile=/dev/null",
        "HOME=/dev/null",
        "LC_ALL=C",
    ];

    static readonly string[] s_settings =
    [
        "-c", "core.hooksPath=/dev/null", "-c", "core.fsmonitor=false", "-c", "gc.auto=0", "-c", "maintenance.auto=false", "-c", "submodule.fetchJobs=1",
        // A server that sends less than 1,000 bytes a second for a minute is given up.
        "-c", "http.lowSpeedLimit=1000", "-c", "http.lowSpeedTime=60",
    ];

    /// <summary>Runs it.</summary>
    /// <param name="arguments">What it is to do. Words of others stand after <c>--</c>.</param>
    /// <param name="subject">What it is about, for the message.</param>
    /// <param name="cancellationToken">Kills it and all that it started.</param>
    /// <returns>What it printed.</returns>
    /// <exception cref="StrakeException">Unavailable: it failed; with its words. NotSupported: this host has no git.</exception>
    public async Task<string> RunAsync(IReadOnlyList<string> arguments, string subject, CancellationToken cancellationToken)
    {
        var output = await TryAsync(arguments, cancellationToken);
        return output.Status.IsSuccess ? output.OutputText : throw Failed(output, subject);
    }

    /// <summary>As <see cref="RunAsync"/>; that it fails is no error.</summary>
    public async Task<ChildOutput> TryAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        var start = new ChildProcessStart
        {
            Program = "git",
            Arguments = [.. s_settings, .. arguments],
            // A repository that this directory happens to lie in is none of ours.
            Environment = [$"GIT_CEILING_DIRECTORIES={Path.GetDirectoryName(directory)}", $"PATH={Environment.GetEnvironmentVariable("PATH")}", .. s_environment, .. variables],
            WorkingDirectory = directory,
        };
        try
        {
            return await ChildProcess.RunAsync(start, new ChildRunLimits { OutputBytes = MostOutput }, cancellationToken);
        }
        catch (LinuxException e) when (e.Errno == Errno.ENOENT)
        {
            throw StrakeException.NotSupported("this host has no git, which builds need for repositories: install the package git (apt-get install git)", e);
        }
    }

    /// <summary>The error of a run that failed.</summary>
    public static StrakeException Failed(ChildOutput output, string subject)
    {
        var text = Encoding.UTF8.GetString(output.Error.Span).Trim();
        return StrakeException.Unavailable($"{subject}: git: {(text.Length > MostMessage ? text[..MostMessage] + "…" : text)}");
    }
}
