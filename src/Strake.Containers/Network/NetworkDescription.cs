using System.Net;

namespace Strake.Containers;

/// <summary>A network as the API shows it.</summary>
/// <param name="Id">64 hexadecimal digits.</param>
/// <param name="Name">Its name.</param>
/// <param name="Driver"><c>bridge</c>, <c>host</c> or <c>null</c>.</param>
/// <param name="Subnet">The addresses of its containers; null: none, or not chosen yet.</param>
/// <param name="Gateway">The host's address on it; null: none.</param>
/// <param name="Options">The driver's options.</param>
public sealed record NetworkDescription(
    string Id, string Name, string Driver, IPNetwork? Subnet, IPAddress? Gateway, IReadOnlyDictionary<string, string> Options);
