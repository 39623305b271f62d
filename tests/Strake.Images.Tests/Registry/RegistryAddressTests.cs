namespace Strake.Images.Tests.Registry;

/// <summary>Where a registry may lead.</summary>
public sealed class RegistryAddressTests
{
    [Theory]
    [InlineData("https://a/v2/x", "/v2/x/uploads/1?state=a%2Fb", "https://a/v2/x/uploads/1?state=a%2Fb")]
    [InlineData("https://a/v2/x", "https://b/v2/1", "https://b/v2/1")]
    [InlineData("https://a:5000/v2/x", "http://a:5000/v2/1", "https://a:5000/v2/1")]
    [InlineData("https://a/v2/x", "http://a/v2/1?k=v", "https://a/v2/1?k=v")]
    [InlineData("http://a/v2/x", "http://b/v2/1", "http://b/v2/1")]
    public void An_upload_goes_on_where_the_registry_says(string asked, string location, string next) =>
        Assert.Equal(next, RegistryAddress.Next(new Uri(asked), new Uri(location, UriKind.RelativeOrAbsolute)).AbsoluteUri);

    [Theory]
    [InlineData("https://a/v2/x", "http://b/v2/1")]
    [InlineData("https://a/v2/x", "http://a:8080/v2/1")]
    [InlineData("https://a/v2/x", "file:///etc/passwd")]
    [InlineData("http://a/v2/x", "ftp://b/1")]
    public void Nothing_goes_unencrypted_that_began_encrypted_nor_out_of_the_web(string asked, string location) =>
        Assert.Equal(ErrorKind.Unavailable, Assert.Throws<StrakeException>(() => RegistryAddress.Next(new Uri(asked), new Uri(location))).Kind);

    [Fact]
    public void What_is_shown_has_neither_passwords_nor_signatures() =>
        Assert.Equal("https://storage.example:8443/blob", RegistryAddress.Shown(new Uri("https://me:secret@storage.example:8443/blob?signature=secret#secret")));

    [Theory]
    [InlineData("</v2/a/tags/list?last=b&n=2>; rel=\"next\"", "/v2/a/tags/list?last=b&n=2")]
    [InlineData("<x>;rel=next", "x")]
    [InlineData("<first>; rel=\"prev\"; title=\"a,b;c\", <second>; title=x; REL=\"last next\"", "second")]
    [InlineData("<first>, <second>; rel=next", "second")]
    [InlineData("<first>; rel=prev", null)]
    [InlineData("<first", null)]
    [InlineData("first; rel=next", null)]
    [InlineData("<>; rel=next", null)]
    [InlineData("", null)]
    public void The_next_page_stands_in_its_link(string header, string? next) => Assert.Equal(next, LinkHeader.Next(header));
}
