using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Strake.Containers.Networks;

/// <summary>
/// Which ports of the host are taken by containers. Each is held by a socket for as long as the container runs:
/// packets are rewritten before they would reach it, so it hears nothing, but no other program can take the port and
/// then wonder why it hears nothing.
/// </summary>
sealed class PortReservations : IDisposable
{
    readonly Lock gate = new();
    readonly Dictionary<string, IReadOnlyList<Reservation>> held = new(StringComparer.Ordinal);

    /// <summary>Takes a container's ports, all or none.</summary>
    /// <param name="containerId">The container; what it held before is given back first.</param>
    /// <param name="ports">What it wants: <c>80/tcp</c> to addresses of the host.</param>
    /// <returns>What it has got, each with the port that was chosen.</returns>
    /// <exception cref="StrakeException">Conflict: a port is taken. Invalid: not a port. NotSupported: a protocol or address family.</exception>
    public IReadOnlyList<PublishedPort> Take(string containerId, IReadOnlyDictionary<string, IReadOnlyList<PortBinding>?> ports)
    {
        lock (gate)
        {
            Drop(containerId);
            var taken = new List<Reservation>();
            try
            {
                foreach ((string port, IReadOnlyList<PortBinding>? bindings) in ports)
                {
                    (int number, string protocol) = ParsePort(port);
                    foreach (PortBinding binding in bindings ?? [])
                        taken.Add(Bind(binding, number, protocol));
                }
            }
            catch
            {
                taken.ForEach(reservation => reservation.Socket.Dispose());
                throw;
            }

            held[containerId] = taken;
            return [.. taken.Select(reservation => reservation.Port)];
        }
    }

    /// <summary>Whether a container holds a port. One that was never seen may: it may have got it before a restart.</summary>
    public bool MayHold(string containerId)
    {
        lock (gate)
            return !held.TryGetValue(containerId, out IReadOnlyList<Reservation>? reservations) || reservations.Count > 0;
    }

    /// <summary>Gives a container's ports back.</summary>
    public void Release(string containerId)
    {
        lock (gate)
            Drop(containerId);
    }

    /// <summary>Gives all ports back.</summary>
    public void Dispose()
    {
        lock (gate)
        {
            foreach (string containerId in held.Keys.ToArray())
                Drop(containerId);
        }
    }

    /// <summary>Parses <c>80/tcp</c>; the protocol is <c>tcp</c> unless given.</summary>
    internal static (int Port, string Protocol) ParsePort(string text)
    {
        string[] parts = text.Split('/');
        string protocol = parts.Length > 1 ? parts[1] : "tcp";
        if (parts.Length > 2 || !TryNumber(parts[0], out int port) || port == 0)
            throw StrakeException.Invalid($"invalid containerPort: {text}");
        return protocol is "tcp" or "udp"
            ? (port, protocol)
            : throw StrakeException.NotSupported($"publishing port {text}: the protocol {protocol} is not supported yet, tcp and udp are");
    }

    StrakeException Taken(IPAddress address, int port, PortBinding binding, SocketException why) =>
        held.Values.SelectMany(ports => ports).Any(one => one.Port.HostPort == port)
            ? StrakeException.Conflict($"Bind for {address}:{binding.HostPort} failed: port is already allocated", why)
            : StrakeException.Conflict($"failed to bind host port {address}:{binding.HostPort}: address already in use", why);

    Reservation Bind(PortBinding binding, int containerPort, string protocol)
    {
        IPAddress address = AddressOf(binding);
        (int first, int last) = RangeOf(binding);
        for (int port = first; ; port++)
        {
            Socket socket = protocol == "tcp"
                ? new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp)
                : new Socket(address.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
            try
            {
                socket.Bind(new IPEndPoint(address, port));

                // A bound address can be shared with others (SO_REUSEADDR, which .NET sets so that an old connection does
                // not keep a port busy); one that is listened at cannot.
                if (protocol == "tcp")
                    socket.Listen(backlog: 1);
                int chosen = ((IPEndPoint)socket.LocalEndPoint!).Port;
                return new Reservation(socket, new PublishedPort(address, chosen, containerPort, protocol));
            }
            catch (SocketException taken) when (taken.SocketErrorCode is SocketError.AddressAlreadyInUse or SocketError.AccessDenied)
            {
                socket.Dispose();
                if (port >= last)
                    throw Taken(address, port, binding, taken);
            }
            catch (SocketException refused)
            {
                socket.Dispose();
                throw StrakeException.Invalid($"Bind for {address}:{binding.HostPort} failed: {refused.Message}", refused);
            }
        }
    }

    static IPAddress AddressOf(PortBinding binding)
    {
        if (string.IsNullOrEmpty(binding.HostIp) || binding.HostIp is "::")
            return IPAddress.Any;
        if (!IPAddress.TryParse(binding.HostIp, out IPAddress? address))
            throw StrakeException.Invalid($"invalid IP address: {binding.HostIp}");
        return address.AddressFamily is AddressFamily.InterNetwork
            ? address
            : throw StrakeException.NotSupported($"publishing a port at {binding.HostIp}: IPv6 is not supported yet; give an IPv4 address");
    }

    static (int First, int Last) RangeOf(PortBinding binding)
    {
        if (string.IsNullOrEmpty(binding.HostPort))
            return (0, 0);
        string[] ends = binding.HostPort.Split('-');
        if (ends.Length > 2 || !TryNumber(ends[0], out int first) || !TryNumber(ends[^1], out int last) || last < first)
            throw StrakeException.Invalid($"invalid hostPort: {binding.HostPort}");
        return (first, last);
    }

    static bool TryNumber(string text, out int port) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out port) && port <= ushort.MaxValue;

    void Drop(string containerId)
    {
        if (!held.Remove(containerId, out IReadOnlyList<Reservation>? reservations))
            return;
        foreach (Reservation reservation in reservations)
            reservation.Socket.Dispose();
    }

    sealed record Reservation(Socket Socket, PublishedPort Port);
}
