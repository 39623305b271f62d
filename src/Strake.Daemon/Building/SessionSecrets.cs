using Strake.Build;
using Strake.Daemon.BuildKit.Sessions;
using Strake.Linux;

namespace Strake.Daemon.Building;

/// <summary>The secrets of the client that a build is for. Sockets of its agents are there until this is disposed.</summary>
/// <param name="session">The client.</param>
/// <param name="directory">Where sockets are made; it need not be there.</param>
sealed class SessionSecrets(IBuildSession session, string directory) : ISecretSource, IAsyncDisposable
{
    readonly List<AgentSocket> agents = [];
    string? folder;

    /// <inheritdoc/>
    public Task<byte[]?> FindSecretAsync(string id, CancellationToken cancellationToken) => session.FindSecretAsync(id, cancellationToken);

    /// <inheritdoc/>
    public async Task<string?> FindAgentAsync(string id, CancellationToken cancellationToken)
    {
        if (!await session.HasAgentAsync(id, cancellationToken)) return null;
        lock (agents)
        {
            folder ??= MakeFolder();
            // Each mount has its own: they may have different owners.
            var agent = AgentSocket.Listen(session, id, Path.Combine(folder, agents.Count.ToString(System.Globalization.CultureInfo.InvariantCulture)), (0, 0), Permissions.Octal0600);
            agents.Add(agent);
            return agent.Path;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (AgentSocket agent in agents) await agent.DisposeAsync();
        if (folder is not null) Directory.Delete(folder);
    }

    // Short: paths of sockets may have 107 bytes.
    string MakeFolder()
    {
        Directory.CreateDirectory(directory, Permissions.Octal0700);
        string path = Path.Combine(directory, Guid.NewGuid().ToString("N")[..8]);
        Directory.CreateDirectory(path, Permissions.Octal0700);
        return path;
    }
}
